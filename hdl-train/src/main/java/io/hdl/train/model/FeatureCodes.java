package io.hdl.train.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Covariates or constants of one window side by side, {@code [steps, width]}, as {@link
 * WindowFeatures} describes them: numbers scaled, 0 where missing; a category with few texts as one
 * value per text, one with many as its code. The array is used again for the next window.
 */
final class FeatureCodes {
  private final List<WindowFeatures.Feature> features = new ArrayList<>();
  private final int steps;
  private final int width;
  private final float[] codes;

  /**
   * Room for one window.
   *
   * @param lists the features in their order
   * @param steps steps of the window
   */
  FeatureCodes(List<List<WindowFeatures.Feature>> lists, int steps) {
    lists.forEach(features::addAll);
    this.steps = steps;
    this.width = features.stream().mapToInt(WindowFeatures.Feature::width).sum();
    this.codes = new float[steps * width];
  }

  /** Values of a window. */
  int size() {
    return codes.length;
  }

  /**
   * The features of one window.
   *
   * @param raw {@code [steps, channels]}, NaN where missing
   * @param from the first step
   * @param location what is taken off each channel
   * @param scale what each is divided by
   * @return {@link #size()} values, valid until the next call
   */
  float[] of(float[] raw, int from, float[] location, float[] scale) {
    int at = 0;
    for (WindowFeatures.Feature feature : features) {
      write(feature, raw, from * location.length, location, scale, at);
      at += feature.width();
    }
    return codes;
  }

  private void write(
      WindowFeatures.Feature feature,
      float[] raw,
      int from,
      float[] location,
      float[] scale,
      int at) {
    int channel = feature.index();
    int categories = feature.categories();
    for (int step = 0; step < steps; step++) {
      float value = raw[from + step * location.length + channel];
      int to = step * width + at;
      if (feature.isEmbedded()) {
        codes[to] = Float.isNaN(value) ? categories : value;
      } else if (categories > 0) {
        // A missing code is NaN and equals none of the numbers.
        for (int text = 0; text < categories; text++) {
          codes[to + text] = value == text ? 1 : 0;
        }
      } else {
        float scaled = (value - location[channel]) / scale[channel];
        codes[to] = Float.isNaN(scaled) ? 0 : scaled;
      }
    }
  }
}
