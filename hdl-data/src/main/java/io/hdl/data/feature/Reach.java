package io.hdl.data.feature;

import java.util.Locale;

/**
 * What a feature that looks back is known for. At the last step of a horizon of h steps the target
 * is known up to h steps back, so a feature of it is known ahead only if it looks at least that far
 * back; a shorter one is known for the past only. What is made of channels that are known ahead is
 * known ahead too.
 */
enum Reach {
  /** Known ahead where the rule allows it, else for the past. */
  BY_RULE,
  /** Known ahead, or refused. */
  KNOWN;

  Schema.Place place(Schema schema, int column, int lag, String step) {
    Schema.Column source = schema.column(column);
    if (source.place() == Schema.Place.KNOWN) {
      return Schema.Place.KNOWN;
    }
    int horizon = schema.horizon();
    if (horizon > 0 && lag >= horizon) {
      return Schema.Place.KNOWN;
    }
    if (this == KNOWN) {
      throw Schema.refused(
          step,
          "\""
              + source.name()
              + "\" is known up to the forecast's origin only, and "
              + (horizon == 0
                  ? "no horizon is given"
                  : "a lag of " + lag + " does not reach back over a horizon of " + horizon),
          horizon == 0
              ? "Fit with the horizon."
              : "Use a lag of at least "
                  + horizon
                  + ", or a feature that need not be known ahead ("
                  + step.substring(0, step.indexOf('('))
                      .replace("knownL", "l")
                      .replace("knownR", "r")
                  + ").");
    }
    return Schema.Place.PAST;
  }

  String json() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Reach ofJson(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
