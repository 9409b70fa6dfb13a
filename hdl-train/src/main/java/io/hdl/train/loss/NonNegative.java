package io.hdl.train.loss;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import java.util.Locale;

/** Looks for labels below zero, on which a loss of counts or amounts is not defined. */
final class NonNegative {
  private NonNegative() {}

  /** Refuses data with a label below zero in the training or validation part. */
  static void require(String loss, SeriesStore store, Split split) {
    long found = 0;
    int seriesFound = 0;
    String first = "";
    for (int series = 0; series < store.seriesCount(); series++) {
      int end = split.bounds(store, series).validationEnd();
      long before = found;
      for (int step = 0; step < end; step++) {
        float value = store.value(series, step, 0);
        if (value < 0) {
          if (found == 0) {
            first =
                String.format(
                    Locale.ROOT,
                    "%s of series %s at %s",
                    value,
                    store.keys().get(series),
                    store.axis().label(store.firstStep(series) + step));
          }
          found++;
        }
      }
      if (found > before) {
        seriesFound++;
      }
    }
    if (found > 0) {
      throw new HdlException(
          ErrorCode.INVALID_DATA,
          String.format(
              Locale.ROOT,
              "Cannot train for the loss %s: it is not defined below 0, and %d values of the target"
                  + " in %d of %d series lie there, the first %s. Choose another loss, such as mae,"
                  + " or leave such values out of the table.",
              loss,
              found,
              seriesFound,
              store.seriesCount(),
              first));
    }
  }
}
