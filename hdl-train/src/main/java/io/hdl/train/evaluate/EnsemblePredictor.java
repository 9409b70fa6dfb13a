package io.hdl.train.evaluate;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Forecasts windows with several members and combines what they say, step by step. Members may see
 * different contexts: each is asked for the windows whose series reaches back as far as it has to
 * see, whatever the context of the windows themselves. Quantiles are averaged level by level
 * (Vincentisation; Lichtendahl, Grushka-Cockayne, Winkler, "Is It Better to Average Probabilities
 * or Quantiles?", 2013), and only if all members forecast the same ones.
 *
 * <p>Used by one thread at a time. Closing it closes the members.
 */
public final class EnsemblePredictor implements WindowPredictor {
  /**
   * One of several predictors.
   *
   * @param name what it is called in messages
   * @param context steps before a window's origin that it has to see; 0 if any number will do
   * @param predictor makes its forecasts
   */
  public record Member(String name, int context, WindowPredictor predictor) {
    /** Checks the context. */
    public Member {
      if (context < 0) {
        throw new IllegalArgumentException("context: " + context + " (expected: >= 0)");
      }
    }
  }

  private final Combination combination;
  private final List<Member> members;
  // How many of the members are asked wherever they see enough; the others are the fallback.
  private final int regular;
  private final List<Double> quantiles;
  private @Nullable Windows asked;
  private List<Seat> seats = List.of();

  private EnsemblePredictor(Combination combination, List<Member> members, int regular) {
    this.combination = Objects.requireNonNull(combination, "combination");
    this.members = List.copyOf(members);
    this.regular = regular;
    if (regular == 0) {
      throw new IllegalArgumentException("members: [] (expected: at least one)");
    }
    List<Double> first = members.get(0).predictor().quantiles();
    boolean same =
        members.subList(0, regular).stream()
            .allMatch(member -> member.predictor().quantiles().equals(first));
    quantiles = same ? first : List.of();
  }

  /**
   * An ensemble.
   *
   * @param members at least one
   */
  public static EnsemblePredictor of(Combination combination, List<Member> members) {
    return new EnsemblePredictor(combination, members, members.size());
  }

  /**
   * The same ensemble with members that are asked only for windows of which no other member sees
   * enough, such as a baseline for young series. Of one that does not forecast the ensemble's
   * quantiles the point forecast stands for each of them.
   */
  public EnsemblePredictor fallback(List<Member> others) {
    List<Member> all = new ArrayList<>(members);
    all.addAll(others);
    return new EnsemblePredictor(combination, all, regular);
  }

  @Override
  public List<Double> quantiles() {
    return quantiles;
  }

  /**
   * {@inheritDoc}
   *
   * @throws HdlException with {@link ErrorCode#NOT_ENOUGH_DATA} if a window's series is too short
   *     for every member
   */
  @Override
  public void predict(Windows windows, long from, int count, float[] out) {
    combine(windows, from, count, windows.horizon(), out, WindowPredictor::predict, combination);
  }

  @Override
  public void predictQuantiles(Windows windows, long from, int count, float[] out) {
    if (quantiles.isEmpty()) {
      throw new UnsupportedOperationException("the members forecast no common quantiles");
    }
    int width = windows.horizon() * quantiles.size();
    combine(windows, from, count, width, out, this::predictBands, Combination.MEAN);
  }

  private void predictBands(
      WindowPredictor member, Windows windows, long from, int count, float[] out) {
    if (member.quantiles().equals(quantiles)) {
      member.predictQuantiles(windows, from, count, out);
      return;
    }
    int horizon = windows.horizon();
    float[] points = new float[count * horizon];
    member.predict(windows, from, count, points);
    for (int row = 0; row < count * quantiles.size(); row++) {
      System.arraycopy(points, row / quantiles.size() * horizon, out, row * horizon, horizon);
    }
  }

  /** What a member is asked for. */
  private interface Question {
    void ask(WindowPredictor member, Windows windows, long from, int count, float[] out);
  }

  private void combine(
      Windows windows,
      long from,
      int count,
      int width,
      float[] out,
      Question question,
      Combination how) {
    begin(windows);
    boolean all = true;
    for (int i = 0; i < count; i++) {
      all &= anyHas(0, regular, from + i);
    }
    int asking = all ? regular : seats.size();
    float[][] answers = new float[asking][];
    for (int m = 0; m < asking; m++) {
      answers[m] = seats.get(m).answer(from, count, width, question);
    }
    float[] values = new float[asking];
    for (int i = 0; i < count; i++) {
      boolean helped = !anyHas(0, regular, from + i);
      int first = helped ? regular : 0;
      int end = helped ? asking : regular;
      if (helped && !anyHas(first, end, from + i)) {
        throw tooShort(windows, from + i);
      }
      for (int at = 0; at < width; at++) {
        int voices = 0;
        for (int m = first; m < end; m++) {
          Seat seat = seats.get(m);
          if (seat.has(from + i)) {
            int row = (int) (seat.number(from + i) - seat.number(from));
            values[voices++] = answers[m][row * width + at];
          }
        }
        out[i * width + at] = how.combined(values, voices);
      }
    }
  }

  private void begin(Windows windows) {
    if (windows != asked) {
      seats = members.stream().map(member -> Seat.of(member, windows)).toList();
      asked = windows;
    }
  }

  private boolean anyHas(int first, int end, long window) {
    for (int m = first; m < end; m++) {
      if (seats.get(m).has(window)) {
        return true;
      }
    }
    return false;
  }

  private HdlException tooShort(Windows windows, long window) {
    int least = members.stream().mapToInt(Member::context).min().orElse(0);
    return new HdlException(
        ErrorCode.NOT_ENOUGH_DATA,
        "Cannot forecast series "
            + windows.store().keys().get(windows.series(window))
            + " from its step "
            + windows.origin(window)
            + " on: no member of the ensemble sees so little; the shortest context is "
            + least
            + ". Add a member with a shorter context, or a baseline as fallback.");
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    for (Member member : members) {
      try {
        member.predictor().close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** A member and the windows that it sees enough of, of those that the ensemble is asked for. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Seat(Member member, Windows windows, long @Nullable [] numbers) {
    static Seat of(Member member, Windows asked) {
      if (member.context() == 0) {
        return new Seat(member, asked, null);
      }
      Windows own = asked.context(member.context());
      if (own.size() == asked.size()) {
        return new Seat(member, own, null);
      }
      long[] numbers = new long[Math.toIntExact(asked.size()) + 1];
      long next = 0;
      for (int i = 0; i < asked.size(); i++) {
        numbers[i] = next;
        next += asked.origin(i) >= member.context() ? 1 : 0;
      }
      numbers[numbers.length - 1] = next;
      return new Seat(member, own, numbers);
    }

    /** Number of own windows before one that the ensemble is asked for. */
    long number(long window) {
      return numbers == null ? window : numbers[(int) window];
    }

    boolean has(long window) {
      return numbers == null || numbers[(int) window + 1] > numbers[(int) window];
    }

    /** What the member says of those of some windows that it sees enough of. */
    float[] answer(long from, int count, int width, Question question) {
      int own = (int) (number(from + count) - number(from));
      float[] answer = new float[own * width];
      if (own > 0) {
        question.ask(member.predictor(), windows, number(from), own, answer);
      }
      return answer;
    }
  }
}
