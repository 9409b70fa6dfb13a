package io.hdl.data.feature;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Channel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Counts the texts of a category, or the values of a number that stands for one. */
final class TextGatherer implements Gatherer {
  /** More different values than this are no category. */
  private static final int MAX_DISTINCT = 1 << 20;

  private static final class Counts implements Part {
    private final Map<Float, long[]> counts = new HashMap<>();
    private final String column;

    Counts(String column) {
      this.column = column;
    }

    @Override
    public void add(float[] values, int count) {
      for (int i = 0; i < count; i++) {
        if (!Float.isNaN(values[i])) {
          add(values[i] + 0f, 1);
        }
      }
    }

    private void add(float value, long times) {
      counts.computeIfAbsent(value, v -> new long[1])[0] += times;
      if (counts.size() > MAX_DISTINCT) {
        throw new HdlException(
            ErrorCode.INVALID_DATA,
            "Cannot fit categoryIndex("
                + column
                + "): the column has more than "
                + MAX_DISTINCT
                + " different values in the training part. It is no category; scale it instead.");
      }
    }
  }

  private final Schema.Column column;
  private final CategoryLimits limits;
  private final Function<List<String>, FittedStep> make;
  private final Counts all;

  TextGatherer(
      Schema.Column column, CategoryLimits limits, Function<List<String>, FittedStep> make) {
    this.column = column;
    this.limits = limits;
    this.make = make;
    this.all = new Counts(column.name());
  }

  @Override
  public boolean ordered() {
    return false;
  }

  @Override
  public int passes() {
    return 1;
  }

  @Override
  public Part part(int pass) {
    return new Counts(column.name());
  }

  @Override
  public void end(int pass, List<Part> parts) {
    for (Part part : parts) {
      ((Counts) part).counts.forEach((value, count) -> all.add(value, count[0]));
    }
  }

  private record Text(String text, long count) {}

  @Override
  public FittedStep fitted() {
    List<Text> texts = new ArrayList<>();
    all.counts.forEach((value, count) -> texts.add(new Text(text(value), count[0])));
    return make.apply(
        texts.stream()
            .filter(text -> text.count() >= limits.minCount())
            .filter(text -> !text.text().equals(CategoryIndex.UNKNOWN))
            .sorted(Comparator.comparingLong(Text::count).reversed().thenComparing(Text::text))
            .limit(limits.maxSize())
            .map(Text::text)
            .sorted()
            .toList());
  }

  private String text(float value) {
    return column.kind() == Channel.Kind.CATEGORY
        ? column.categories().get((int) value)
        : CategoryIndex.text(value);
  }
}
