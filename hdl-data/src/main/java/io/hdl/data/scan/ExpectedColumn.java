package io.hdl.data.scan;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnType;
import io.hdl.data.filter.Filter;

/** What is expected of one column; a part of {@link ExpectedSchema}. A value; immutable. */
public final class ExpectedColumn {
  private final String name;
  private final ColumnType type;
  private final boolean exact;
  private final boolean required;
  private final Filter allowed;

  private ExpectedColumn(
      String name, ColumnType type, boolean exact, boolean required, Filter allowed) {
    this.name = name;
    this.type = type;
    this.exact = exact;
    this.required = required;
    this.allowed = allowed;
  }

  static ExpectedColumn of(String name, ColumnType type) {
    if (name.isBlank()) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT, "column: \"" + name + "\" (expected: a name)");
    }
    return new ExpectedColumn(name, type, false, false, Filter.all());
  }

  /** Of this very type; a wider one is a deviation, too. */
  public ExpectedColumn exactly() {
    return new ExpectedColumn(name, type, true, required, allowed);
  }

  /** Without nulls in the rows that are read. */
  public ExpectedColumn required() {
    return new ExpectedColumn(name, type, exact, true, allowed);
  }

  /** With no other values than these; nulls are left to {@link #required()}. */
  public ExpectedColumn oneOf(Object... values) {
    return allowing(Filter.column(name).in(values));
  }

  /** With values within bounds, both included; nulls are left to {@link #required()}. */
  public ExpectedColumn between(Object low, Object high) {
    return allowing(Filter.column(name).between(low, high));
  }

  private ExpectedColumn allowing(Filter more) {
    return new ExpectedColumn(name, type, exact, required, allowed.and(more));
  }

  String name() {
    return name;
  }

  boolean isRequired() {
    return required;
  }

  Filter allowed() {
    return allowed;
  }

  String typeText() {
    return type + (exact ? "" : " or wider");
  }

  /** Whether a table's type is what is expected. */
  boolean accepts(ColumnType found) {
    if (exact || found.kind() == ColumnType.Kind.STRUCT) {
      return found.toString().equals(type.toString());
    }
    if (found.kind() != type.kind() || found.kind() == ColumnType.Kind.DECIMAL) {
      return widens(type, found);
    }
    return found.kind() != ColumnType.Kind.OTHER || found.text().equals(type.text());
  }

  /** Whether Delta's type widening can turn one type into another. */
  private static boolean widens(ColumnType from, ColumnType to) {
    int digits = digits(from);
    return switch (to.kind()) {
      case SHORT, INTEGER, LONG -> digits > 0 && digits <= digits(to);
      case DOUBLE -> from.kind() == ColumnType.Kind.FLOAT || (from.isInteger() && digits <= 10);
      case DECIMAL ->
          digits > 0
              ? to.precision() - to.scale() >= digits
              : from.kind() == ColumnType.Kind.DECIMAL
                  && to.scale() >= from.scale()
                  && to.precision() - to.scale() >= from.precision() - from.scale();
      case TIMESTAMP_NTZ -> from.kind() == ColumnType.Kind.DATE;
      default -> false;
    };
  }

  /** Most decimal digits of an integer type's values, or 0 for other types. */
  private static int digits(ColumnType type) {
    return switch (type.kind()) {
      case BYTE -> 3;
      case SHORT -> 5;
      case INTEGER -> 10;
      case LONG -> 19;
      default -> 0;
    };
  }

  @Override
  public String toString() {
    return name
        + " "
        + typeText()
        + (required ? ", required" : "")
        + (allowed.isAll() ? "" : ", " + allowed);
  }
}
