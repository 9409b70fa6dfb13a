package io.hdl.data.feature;

import java.util.List;
import java.util.function.Function;

/**
 * Mean and spread in double precision, stable for long columns (Welford 1962; parts joined after
 * Chan, Golub, LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample
 * Variances", 1979).
 */
final class MomentGatherer implements Gatherer {
  private static final double CONSTANT_BELOW = 1e-6;

  /** Count, mean and sum of squared deviations. */
  static final class Moments implements Part {
    private long count;
    private double mean;
    private double squares;

    @Override
    public void add(float[] values, int size) {
      for (int i = 0; i < size; i++) {
        float value = values[i];
        if (!Float.isNaN(value)) {
          count++;
          double delta = value - mean;
          mean += delta / count;
          squares += delta * (value - mean);
        }
      }
    }

    private void join(Moments other) {
      if (other.count == 0) {
        return;
      }
      long total = count + other.count;
      double delta = other.mean - mean;
      squares += other.squares + delta * delta * ((double) count * other.count / total);
      mean += delta * ((double) other.count / total);
      count = total;
    }

    long count() {
      return count;
    }

    double mean() {
      return mean;
    }

    /** Standard deviation (divided by the count), or 1 if the values differ by rounding only. */
    double deviationOrOne() {
      double deviation = count == 0 ? 0 : Math.sqrt(squares / count);
      return deviation > CONSTANT_BELOW * Math.abs(mean) ? deviation : 1;
    }
  }

  private final Function<Moments, FittedStep> make;
  private final Moments all = new Moments();

  MomentGatherer(Function<Moments, FittedStep> make) {
    this.make = make;
  }

  @Override
  public boolean ordered() {
    return true;
  }

  @Override
  public int passes() {
    return 1;
  }

  @Override
  public Part part(int pass) {
    return new Moments();
  }

  @Override
  public void end(int pass, List<Part> parts) {
    parts.forEach(part -> all.join((Moments) part));
  }

  @Override
  public FittedStep fitted() {
    return make.apply(all);
  }
}
