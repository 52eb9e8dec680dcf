/**
 * Clients and upstream relays that speak MM7 over lines that do harm, and a gateway that is killed:
 * whatever was promised is kept, once, and what may have arrived is not sent again where it would
 * arrive twice.
 */
import { faultRuns } from './fault-runs.ts'
import { openMm7Scene } from './mm7-scene.ts'

faultRuns({ name: 'MM7', firstSeed: 2001, share: 0.2, killShare: 0.25, openScene: openMm7Scene })
