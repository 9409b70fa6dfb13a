package io.hdl.data.scan;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DataFile;
import io.hdl.data.delta.DeletionVector;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.filter.BoundFilter;
import io.hdl.data.filter.Filter;
import io.hdl.data.parquet.FileColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * An expectation compared with a snapshot: deviations are thrown, what the log cannot decide is
 * kept for the rows. Immutable and thread-safe.
 */
final class SchemaChecks {
  /**
   * Something that no row may be.
   *
   * @param expected what every row has to be, for messages
   * @param violation the filter that such a row passes
   */
  record Check(FileColumn column, Filter expected, FilePruning violation) {}

  private final Map<DataFile, List<Check>> open;

  private SchemaChecks(Map<DataFile, List<Check>> open) {
    this.open = open;
  }

  /** The checks that a file's rows still have to stand. */
  List<Check> of(DataFile file) {
    return open.getOrDefault(file, List.of());
  }

  /** Whether any rows have to be looked at. */
  boolean isEmpty() {
    return open.isEmpty();
  }

  static SchemaChecks of(ExpectedSchema expected, TableSnapshot snapshot, FilePruning pruning) {
    List<String> deviations = new ArrayList<>();
    List<Check> checks = new ArrayList<>();
    for (ExpectedColumn column : expected.columns()) {
      addChecks(column, snapshot, checks, deviations);
    }
    boolean structure = !deviations.isEmpty();
    Map<DataFile, List<Check>> open = new HashMap<>();
    for (Check check : checks) {
      List<DataFile> failing = new ArrayList<>();
      for (DataFile file : snapshot.files()) {
        switch (verdict(check, file, pruning)) {
          case NONE -> {}
          case SOME -> open.computeIfAbsent(file, key -> new ArrayList<>()).add(check);
          case ALL -> failing.add(file);
        }
      }
      if (!failing.isEmpty()) {
        deviations.add(
            "\""
                + check.expected()
                + "\" does not hold in "
                + failing.size()
                + (failing.size() == 1 ? " file, " : " files, for instance ")
                + failing.get(0).address());
      }
    }
    if (!deviations.isEmpty()) {
      throw deviating(snapshot, deviations, structure);
    }
    return new SchemaChecks(open);
  }

  private static void addChecks(
      ExpectedColumn column, TableSnapshot snapshot, List<Check> checks, List<String> deviations) {
    FileColumn found;
    try {
      found = TableColumns.find(snapshot, List.of(column.name())).get(0);
    } catch (HdlException e) {
      deviations.add(
          "column \""
              + column.name()
              + "\" is missing (known: "
              + String.join(", ", TableColumns.known(snapshot))
              + ")");
      return;
    }
    ColumnType type = found.type();
    if (!column.accepts(type)) {
      deviations.add(
          "column \"" + column.name() + "\" is " + type + " (expected: " + column.typeText() + ")");
      return;
    }
    List<Filter> expected = new ArrayList<>();
    if (column.isRequired() && !TableColumns.neverNull(snapshot, column.name())) {
      expected.add(Filter.column(column.name()).isNotNull());
    }
    if (!column.allowed().isAll()) {
      expected.add(column.allowed());
    }
    for (Filter filter : expected) {
      try {
        checks.add(new Check(found, filter, FilePruning.of(snapshot, filter.not())));
      } catch (HdlException e) {
        deviations.add(e.getMessage());
      }
    }
  }

  /** Whether rows that are read violate: none, perhaps some, or certainly at least one. */
  private static BoundFilter.Outcome verdict(Check check, DataFile file, FilePruning pruning) {
    BoundFilter.Outcome read = pruning.outcome(file);
    if (read == BoundFilter.Outcome.NONE) {
      return BoundFilter.Outcome.NONE;
    }
    BoundFilter.Outcome violating = check.violation().outcome(file);
    if (violating == BoundFilter.Outcome.NONE || read == BoundFilter.Outcome.SOME) {
      return violating == BoundFilter.Outcome.NONE ? violating : BoundFilter.Outcome.SOME;
    }
    if (violating == BoundFilter.Outcome.ALL) {
      OptionalLong rows = file.rows();
      long deleted = file.deletionVector().map(DeletionVector::count).orElse(0L);
      return rows.isPresent() && rows.getAsLong() > deleted
          ? BoundFilter.Outcome.ALL
          : BoundFilter.Outcome.SOME;
    }
    return check.violation().hasCertainly(file)
        ? BoundFilter.Outcome.ALL
        : BoundFilter.Outcome.SOME;
  }

  private static HdlException deviating(
      TableSnapshot snapshot, List<String> deviations, boolean structure) {
    StringBuilder message =
        new StringBuilder("The table ")
            .append(snapshot.uri())
            .append(" at version ")
            .append(snapshot.version())
            .append(" is not as expected:");
    for (String deviation : deviations) {
      message.append(System.lineSeparator()).append("  - ").append(deviation);
    }
    message
        .append(System.lineSeparator())
        .append("Correct the table where it is written, choose another version, ")
        .append(structure ? "or change" : "leave such rows out by a filter, or change")
        .append(" what is expected.");
    return new HdlException(
        structure ? ErrorCode.SCHEMA_MISMATCH : ErrorCode.INVALID_DATA, message.toString());
  }
}
