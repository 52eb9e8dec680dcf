/**
 * Clients that speak SMPP over lines that do harm, and a gateway that is killed: whatever was
 * answered ESME_ROK is kept, once where it bears a name, and its receipt tells the one end.
 */
import { faultRuns } from './fault-runs.ts'
import { openSmppScene } from './smpp-scene.ts'

faultRuns({ name: 'SMPP', firstSeed: 1001, share: 0.4, killShare: 0.25, openScene: openSmppScene })
