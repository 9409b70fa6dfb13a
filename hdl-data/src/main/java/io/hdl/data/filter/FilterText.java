package io.hdl.data.filter;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How filters are written. */
final class FilterText {
  /** Words that are no column unless they stand in backticks. */
  static final Set<String> KEYWORDS =
      Set.of("and", "or", "not", "in", "between", "is", "null", "true", "false");

  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");

  private FilterText() {}

  static String name(String column) {
    return PLAIN.matcher(column).matches() && !KEYWORDS.contains(column.toLowerCase(Locale.ROOT))
        ? column
        : "`" + column.replace("`", "``") + "`";
  }

  static String list(List<Literal> values) {
    return values.stream().map(Literal::toString).collect(Collectors.joining(", ", "(", ")"));
  }

  static String negated(Filter part) {
    if (part instanceof Filter.IsNull test) {
      return name(test.column()) + " is not null";
    }
    if (part instanceof Filter.In test) {
      return name(test.column()) + " not in " + list(test.values());
    }
    if (part instanceof Filter.Between test) {
      return name(test.column()) + " not between " + test.low() + " and " + test.high();
    }
    return "not (" + part + ")";
  }

  static void addColumns(Filter filter, Set<String> names) {
    if (filter instanceof Filter.Comparison test) {
      names.add(test.column());
    } else if (filter instanceof Filter.In test) {
      names.add(test.column());
    } else if (filter instanceof Filter.Between test) {
      names.add(test.column());
    } else if (filter instanceof Filter.IsNull test) {
      names.add(test.column());
    } else if (filter instanceof Filter.And and) {
      and.parts().forEach(part -> addColumns(part, names));
    } else if (filter instanceof Filter.Or or) {
      or.parts().forEach(part -> addColumns(part, names));
    } else if (filter instanceof Filter.Not not) {
      addColumns(not.part(), names);
    }
  }
}
