package io.hdl.data.filter;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import io.hdl.data.column.ColumnBounds;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.util.List;
import java.util.Optional;

/** Texts in the order of their code points; each text of a dictionary is tested once. */
final class TextDomain implements ValueDomain<CodePoints> {
  private static final byte PASSES = 1;
  private static final byte FAILS = 2;

  private final ColumnType type;

  TextDomain(ColumnType type) {
    this.type = type;
  }

  @Override
  public Place<CodePoints> place(Literal literal) {
    if (literal instanceof Literal.Text text) {
      return Place.on(new CodePoints(type.padded(text.value())));
    }
    throw LiteralTypes.mismatch(literal, type);
  }

  @Override
  public ImmutableRangeSet<CodePoints> set(Optional<Range<CodePoints>> range) {
    return range.map(ImmutableRangeSet::of).orElse(ImmutableRangeSet.of());
  }

  @Override
  public boolean mayMeet(ImmutableRangeSet<CodePoints> values, ColumnBounds bounds) {
    return values.intersects(Bounds.range(bounds, bound -> new CodePoints((String) bound)));
  }

  @Override
  public boolean holdsAll(ImmutableRangeSet<CodePoints> values, ColumnBounds bounds) {
    return values.encloses(Bounds.range(bounds, bound -> new CodePoints((String) bound)));
  }

  @Override
  public RowTest test(ImmutableRangeSet<CodePoints> values, boolean nulls) {
    return (vector, rows, passes) -> {
      ColumnVector.Texts texts = (ColumnVector.Texts) vector;
      List<String> dictionary = texts.dictionary();
      byte[] known = new byte[dictionary.size()];
      for (int row = 0; row < rows; row++) {
        int code = texts.code(row);
        if (code < 0) {
          passes[row] = nulls;
          continue;
        }
        if (known[code] == 0) {
          known[code] = values.contains(new CodePoints(dictionary.get(code))) ? PASSES : FAILS;
        }
        passes[row] = known[code] == PASSES;
      }
    };
  }
}
