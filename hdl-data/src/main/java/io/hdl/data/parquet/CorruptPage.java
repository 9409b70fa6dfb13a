package io.hdl.data.parquet;

/**
 * Says what is wrong with bytes of a file, where they are read. Whoever knows the file, the column
 * and the row group turns it into an {@code HdlException} that names them.
 */
final class CorruptPage extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CorruptPage(String what) {
    super(what, null, false, false);
  }

  CorruptPage(String what, Throwable cause) {
    super(what, cause, false, false);
  }
}
