package io.hdl.train.evaluate;

import java.util.ArrayList;
import java.util.List;

/** One kind of exponential smoothing, such as ETS(M,Ad,M). */
record EtsForm(Part error, Trend trend, Part season) {
  /** How error or season enter. */
  enum Part {
    NONE,
    ADDITIVE,
    MULTIPLICATIVE
  }

  /** How the level moves by itself. */
  enum Trend {
    NONE,
    ADDITIVE,
    DAMPED
  }

  /** The forms that are stable on such data. */
  static List<EtsForm> all(boolean positive, boolean seasonal) {
    List<EtsForm> forms = new ArrayList<>();
    for (Part error : List.of(Part.ADDITIVE, Part.MULTIPLICATIVE)) {
      for (Trend trend : Trend.values()) {
        for (Part season : Part.values()) {
          boolean multiplies = error == Part.MULTIPLICATIVE || season == Part.MULTIPLICATIVE;
          boolean unstable = error == Part.ADDITIVE && season == Part.MULTIPLICATIVE;
          boolean asked = seasonal || season == Part.NONE;
          if (asked && !unstable && (positive || !multiplies)) {
            forms.add(new EtsForm(error, trend, season));
          }
        }
      }
    }
    return forms;
  }

  boolean hasTrend() {
    return trend != Trend.NONE;
  }

  boolean hasSeason() {
    return season != Part.NONE;
  }

  @Override
  public String toString() {
    String damped = trend == Trend.DAMPED ? "d" : "";
    String middle = hasTrend() ? "A" + damped : "N";
    return "ETS(" + letter(error) + "," + middle + "," + letter(season) + ")";
  }

  private static char letter(Part part) {
    return part.name().charAt(0);
  }
}
