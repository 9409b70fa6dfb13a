package io.hdl.data.filter;

import com.google.common.collect.ImmutableRangeSet;
import io.hdl.data.column.ColumnBounds;
import io.hdl.data.column.ColumnVector;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a bound filter. Negations have been carried down to the leaves, where {@code not} of a
 * comparison is another comparison; so what is left knows only "true" and "not true".
 */
sealed interface BoundNode {
  /** What bounds of the columns tell of a file's rows. */
  BoundFilter.Outcome outcome(List<ColumnBounds> bounds);

  /** Sets true where a row passes. */
  void match(List<ColumnVector> columns, int rows, boolean[] passes, RowMatcher.Scratch scratch);

  /**
   * One column's values that pass.
   *
   * @param column its index among the filter's columns
   * @param nulls whether nulls pass
   */
  record Leaf<C extends Comparable<?>>(
      int column,
      ValueDomain<C> domain,
      ImmutableRangeSet<C> values,
      boolean nulls,
      ValueDomain.RowTest test)
      implements BoundNode {
    static <C extends Comparable<?>> Leaf<C> of(
        int column, ValueDomain<C> domain, ImmutableRangeSet<C> values, boolean nulls) {
      return new Leaf<>(column, domain, values, nulls, domain.test(values, nulls));
    }

    @SuppressWarnings("unchecked") // the same column has the same domain
    Leaf<C> and(Leaf<?> other) {
      ImmutableRangeSet<C> others = ((Leaf<C>) other).values;
      return of(column, domain, values.intersection(others), nulls && other.nulls);
    }

    @SuppressWarnings("unchecked") // the same column has the same domain
    Leaf<C> or(Leaf<?> other) {
      ImmutableRangeSet<C> others = ((Leaf<C>) other).values;
      return of(column, domain, values.union(others), nulls || other.nulls);
    }

    @Override
    public BoundFilter.Outcome outcome(List<ColumnBounds> bounds) {
      ColumnBounds known = bounds.get(column);
      boolean mayBeNull = !known.withoutNulls();
      boolean mayBeValue = !known.onlyNulls();
      if (!(mayBeNull && nulls) && !(mayBeValue && domain.mayMeet(values, known))) {
        return BoundFilter.Outcome.NONE;
      }
      boolean all = (!mayBeNull || nulls) && (!mayBeValue || domain.holdsAll(values, known));
      return all ? BoundFilter.Outcome.ALL : BoundFilter.Outcome.SOME;
    }

    @Override
    public void match(
        List<ColumnVector> columns, int rows, boolean[] passes, RowMatcher.Scratch scratch) {
      test.test(columns.get(column), rows, passes);
    }
  }

  /**
   * Parts of which all or any have to pass.
   *
   * @param all whether all have to
   */
  record Group(boolean all, List<BoundNode> parts) implements BoundNode {
    /** Copies the parts. */
    public Group {
      parts = List.copyOf(parts);
    }

    /** Joins parts; leaves of one column become one. */
    static BoundNode of(boolean all, List<BoundNode> parts) {
      List<BoundNode> joined = new ArrayList<>();
      for (BoundNode part : parts) {
        boolean merged = false;
        for (int i = 0; i < joined.size() && !merged; i++) {
          if (part instanceof Leaf<?> leaf
              && joined.get(i) instanceof Leaf<?> earlier
              && earlier.column() == leaf.column()) {
            joined.set(i, all ? earlier.and(leaf) : earlier.or(leaf));
            merged = true;
          }
        }
        if (!merged) {
          joined.add(part);
        }
      }
      return joined.size() == 1 ? joined.get(0) : new Group(all, joined);
    }

    @Override
    public BoundFilter.Outcome outcome(List<ColumnBounds> bounds) {
      BoundFilter.Outcome decisive = all ? BoundFilter.Outcome.NONE : BoundFilter.Outcome.ALL;
      BoundFilter.Outcome otherwise = all ? BoundFilter.Outcome.ALL : BoundFilter.Outcome.NONE;
      BoundFilter.Outcome result = otherwise;
      for (BoundNode part : parts) {
        BoundFilter.Outcome outcome = part.outcome(bounds);
        if (outcome == decisive) {
          return decisive;
        }
        if (outcome != otherwise) {
          result = BoundFilter.Outcome.SOME;
        }
      }
      return result;
    }

    @Override
    public void match(
        List<ColumnVector> columns, int rows, boolean[] passes, RowMatcher.Scratch scratch) {
      java.util.Arrays.fill(passes, 0, rows, all);
      boolean[] part = scratch.take(rows);
      for (BoundNode next : parts) {
        next.match(columns, rows, part, scratch);
        for (int row = 0; row < rows; row++) {
          passes[row] = all ? passes[row] && part[row] : passes[row] || part[row];
        }
      }
      scratch.giveBack(part);
    }
  }
}
