/** The floors by themselves; every other section samples them again. */
import { SIZES } from './accepts.ts'
import { told } from './figure.ts'
import type { Section } from './section.ts'

const ROUNDS = 2

export const floorsSection: Section = {
  name: 'floors',
  title: 'Bare floors',
  about:
    'H(s): requests a second of a bare node:http server that counts the body and answers 760 bytes, ' +
    'same client, same size. W: 1 MiB and an fdatasync, again and again. F: 4 KiB and an fdatasync. ' +
    'W and F in the file system of the data folder. Medians over the whole run.',
  async run({ floors, say }) {
    for (let round = 0; round < ROUNDS; round += 1) {
      say(`floors, round ${round + 1}`)
      floors.sampleDisk()
      for (const kib of SIZES) await floors.sampleHttp(kib)
    }
    // Told at the end of the run, when every section has added its samples.
    return []
  },
}

/** The floors as figures. */
export function floorFigures(floors: Parameters<Section['run']>[0]['floors']) {
  const all = [floors.stream(), floors.appends(), ...SIZES.map((kib) => floors.http(kib))]
  return all
    .filter(({ value }) => Number.isFinite(value))
    .map(({ name, value, unit }) => told(name, value, unit))
}
