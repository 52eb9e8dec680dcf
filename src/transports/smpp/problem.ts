/** What an operator may want in a log. The connection concerned is dealt with already. */

/** One such thing. */
export interface SmppProblem {
  readonly kind:
    | 'handler-failed'
    | 'tls-failed'
    | 'socket-failed'
    /** The stream is no SMPP, or a length in it is none. */
    | 'not-smpp'
    /** A PDU was refused; the session goes on. */
    | 'broken-pdu'
    | 'too-many'
    | 'bind-flood'
  readonly address: string
  readonly detail: string
}
