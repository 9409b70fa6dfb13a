package io.hdl.data.filter;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the text form of a filter by recursive descent. Serves one text. */
final class FilterParser {
  private static final int MAX_DEPTH = 200;

  private final String text;
  private final FilterTokens tokens;
  private int depth;

  FilterParser(String text) {
    this.text = text;
    this.tokens = new FilterTokens(text);
  }

  Filter parse() {
    if (text.isBlank()) {
      return Filter.all();
    }
    Filter filter = either();
    if (tokens.kind() != FilterTokens.Kind.END) {
      throw tokens.expected("and, or, or the end");
    }
    return filter;
  }

  private Filter either() {
    Filter filter = both();
    while (tokens.skipWord("or")) {
      filter = filter.or(both());
    }
    return filter;
  }

  private Filter both() {
    Filter filter = negatable();
    while (tokens.skipWord("and")) {
      filter = filter.and(negatable());
    }
    return filter;
  }

  private Filter negatable() {
    if (++depth > MAX_DEPTH) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot read the filter: it is nested more than " + MAX_DEPTH + " deep. Simplify it.");
    }
    try {
      if (tokens.skipWord("not")) {
        return negatable().not();
      }
      if (tokens.skipSign("(")) {
        Filter inner = either();
        tokens.requireSign(")");
        return inner;
      }
      if (tokens.skipWord("true")) {
        return Filter.all();
      }
      return condition();
    } finally {
      depth--;
    }
  }

  private Filter condition() {
    String column = tokens.requireColumn();
    if (tokens.skipWord("is")) {
      boolean negated = tokens.skipWord("not");
      tokens.requireWord("null");
      Filter test = Filter.column(column).isNull();
      return negated ? test.not() : test;
    }
    boolean negated = tokens.skipWord("not");
    if (tokens.skipWord("in")) {
      Filter test = new Filter.In(column, values());
      return negated ? test.not() : test;
    }
    if (tokens.skipWord("between")) {
      Literal low = value();
      tokens.requireWord("and");
      Filter test = new Filter.Between(column, low, value());
      return negated ? test.not() : test;
    }
    if (negated) {
      throw tokens.expected("in or between");
    }
    return new Filter.Comparison(column, operator(), value());
  }

  private Filter.Operator operator() {
    if (tokens.skipSign("<>")) {
      return Filter.Operator.NOT_EQUAL;
    }
    for (Filter.Operator operator : Filter.Operator.values()) {
      if (tokens.skipSign(operator.toString())) {
        return operator;
      }
    }
    throw tokens.expected("=, !=, <, <=, >, >=, in, between or is");
  }

  private List<Literal> values() {
    tokens.requireSign("(");
    List<Literal> values = new ArrayList<>();
    do {
      values.add(value());
    } while (tokens.skipSign(","));
    tokens.requireSign(")");
    return values;
  }

  private Literal value() {
    if (tokens.kind() == FilterTokens.Kind.TEXT) {
      return new Literal.Text(tokens.take());
    }
    if (tokens.kind() == FilterTokens.Kind.NUMBER) {
      return number(tokens.take());
    }
    if (tokens.skipSign("-")) {
      if (tokens.skipWord("infinity")) {
        return new Literal.NotFinite(Double.NEGATIVE_INFINITY);
      }
      if (tokens.kind() == FilterTokens.Kind.NUMBER) {
        return number("-" + tokens.take());
      }
      throw tokens.expected("a number");
    }
    if (tokens.kind() != FilterTokens.Kind.WORD) {
      throw tokens.expected("a value");
    }
    return switch (tokens.word().toLowerCase(Locale.ROOT)) {
      case "true", "false" -> new Literal.Flag(Boolean.parseBoolean(tokens.take()));
      case "nan" -> {
        tokens.take();
        yield new Literal.NotFinite(Double.NaN);
      }
      case "infinity" -> {
        tokens.take();
        yield new Literal.NotFinite(Double.POSITIVE_INFINITY);
      }
      case "date", "timestamp", "timestamp_ntz" -> typed(tokens.take().toLowerCase(Locale.ROOT));
      case "null" ->
          throw tokens.expected("a value; nulls are asked for by \"is null\" and \"is not null\"");
      default -> throw tokens.expected("a value; texts stand in single quotes");
    };
  }

  private Literal typed(String type) {
    if (tokens.kind() != FilterTokens.Kind.TEXT) {
      throw tokens.expected("a text in single quotes after " + type);
    }
    String value = tokens.word();
    try {
      Literal literal =
          switch (type) {
            case "date" -> new Literal.Day(LocalDate.parse(value));
            case "timestamp" -> new Literal.Moment(Instant.parse(value));
            default -> new Literal.LocalMoment(LocalDateTime.parse(value));
          };
      tokens.take();
      return literal;
    } catch (DateTimeException e) {
      throw tokens.expected("a " + type + " in ISO 8601");
    }
  }

  private Literal number(String digits) {
    try {
      return new Literal.Numeric(new BigDecimal(digits));
    } catch (NumberFormatException e) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot read the filter \"" + text + "\": " + digits + " is no number.",
          e);
    }
  }
}
