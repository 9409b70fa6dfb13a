package io.hdl.data.hostile;

/**
 * What was done to a table, and what may come of it.
 *
 * @param what in words, with the seed enough to find it again
 * @param rule what the format lets a reader know of it
 */
record FuzzCase(String what, Rule rule) {
  /** What may come of reading a damaged table; an {@code HdlException} always may. */
  enum Rule {
    /** A checksum covers what was damaged, or a part is gone: no wrong row may come out. */
    RIGHT_OR_REFUSED,
    /**
     * What was damaged has no checksum, or was sealed again with a matching one: values may be
     * wrong, their number may not, as the log and the footer both tell it.
     */
    RIGHT_COUNT_OR_REFUSED,
    /** The damaged table is another table that is well-formed: nothing can be known. */
    ANY_TABLE_OR_REFUSED
  }
}
