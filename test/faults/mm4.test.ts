/**
 * Clients, carriers and handsets that speak MM4 over lines that do harm, and a gateway that is
 * killed: whatever was promised is kept, once, and every end that is told is the one end.
 */
import { faultRuns } from './fault-runs.ts'
import { openMm4Scene } from './mm4-scene.ts'

faultRuns({ name: 'MM4', firstSeed: 1, share: 0.4, killShare: 0.25, openScene: openMm4Scene })
