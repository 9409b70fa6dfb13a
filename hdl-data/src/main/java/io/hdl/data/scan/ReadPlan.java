package io.hdl.data.scan;

import io.hdl.data.column.ColumnForm;
import io.hdl.data.parquet.FileColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which columns of a file have to be decoded, each once, so that some can be given and others be
 * tested.
 *
 * @param decoded what the decoder is asked for
 * @param given where the columns come from that were asked for, in that order
 * @param tested where the columns come from that a filter looks at, in its order
 */
record ReadPlan(List<FileColumn> decoded, List<Source> given, List<Source> tested) {
  /**
   * Where a column comes from.
   *
   * @param column the column, in the form that is wanted
   * @param index its place among the decoded ones, or -1 if its value stands in the log
   */
  record Source(FileColumn column, int index) {}

  static ReadPlan of(
      List<FileColumn> given, List<FileColumn> tested, Predicate<FileColumn> isPartition) {
    List<FileColumn> decoded = new ArrayList<>();
    List<Source> sources = new ArrayList<>();
    List<FileColumn> all = new ArrayList<>(given);
    all.addAll(tested);
    for (FileColumn column : all) {
      sources.add(new Source(column, isPartition.test(column) ? -1 : place(column, decoded)));
    }
    return new ReadPlan(
        List.copyOf(decoded),
        List.copyOf(sources.subList(0, given.size())),
        List.copyOf(sources.subList(given.size(), sources.size())));
  }

  /** Whether batches can be given as they come from the decoder. */
  boolean asDecoded() {
    return tested.isEmpty() && given.stream().map(Source::column).toList().equals(decoded);
  }

  private static int place(FileColumn column, List<FileColumn> decoded) {
    for (int i = 0; i < decoded.size(); i++) {
      FileColumn known = decoded.get(i);
      if (known.path().equals(column.path())) {
        if (known.form() != column.form()) {
          // From values both forms can be made.
          decoded.set(i, known.as(ColumnForm.VALUE));
        }
        return i;
      }
    }
    decoded.add(column);
    return decoded.size() - 1;
  }
}
