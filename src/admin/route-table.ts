/** Finds the route of a path. */
import type { AdminRoute } from './route.ts'

export type Found =
  | {
      readonly kind: 'route'
      readonly route: AdminRoute
      readonly params: Readonly<Record<string, string>>
    }
  | { readonly kind: 'other-method'; readonly allowed: readonly string[]; readonly open: boolean }
  | { readonly kind: 'none' }

/** The route for a method and a path as it stood on the request line. */
export function findRoute(routes: readonly AdminRoute[], method: string, path: string): Found {
  const allowed: string[] = []
  let open = true
  for (const route of routes) {
    const params = match(route.path, path)
    if (params === undefined) continue
    if (route.method === method) return { kind: 'route', route, params }
    allowed.push(route.method)
    open &&= route.open === true
  }
  return allowed.length === 0 ? { kind: 'none' } : { kind: 'other-method', allowed, open }
}

function match(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [i, segment] of wanted.entries()) {
    const text = given[i] ?? ''
    if (!segment.startsWith(':')) {
      if (segment !== text) return undefined
      continue
    }
    const value = decode(text)
    if (value === undefined || value === '') return undefined
    params[segment.slice(1)] = value
  }
  return params
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
