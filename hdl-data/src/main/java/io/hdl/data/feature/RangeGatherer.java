package io.hdl.data.feature;

import java.util.List;

/** Least and greatest value; NaN where there is none. */
final class RangeGatherer implements Gatherer {
  /** Makes the step. */
  @FunctionalInterface
  interface Make {
    FittedStep of(double min, double max);
  }

  private static final class Range implements Part {
    private float min = Float.NaN;
    private float max = Float.NaN;

    @Override
    public void add(float[] values, int count) {
      for (int i = 0; i < count; i++) {
        float value = values[i];
        if (!Float.isNaN(value)) {
          min = Float.isNaN(min) ? value : Math.min(min, value);
          max = Float.isNaN(max) ? value : Math.max(max, value);
        }
      }
    }
  }

  private final Make make;
  private final Range all = new Range();

  RangeGatherer(Make make) {
    this.make = make;
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
    return new Range();
  }

  @Override
  public void end(int pass, List<Part> parts) {
    for (Part part : parts) {
      Range range = (Range) part;
      all.add(new float[] {range.min, range.max}, 2);
    }
  }

  @Override
  public FittedStep fitted() {
    return make.of(all.min, all.max);
  }
}
