package io.hdl.data.series;

import java.util.ArrayList;
import java.util.List;

/** All that a store holds, down to the bits, to be compared. */
record StoreContents(
    List<SeriesKey> keys,
    List<Channel> channels,
    List<Constant> constants,
    TimeAxis axis,
    List<Object> figures) {
  static StoreContents of(SeriesStore store) {
    List<Object> figures = new ArrayList<>();
    for (int s = 0; s < store.seriesCount(); s++) {
      figures.add(store.firstStep(s));
      figures.add(store.length(s));
      figures.add(store.targetEnd(s));
      for (int c = 0; c < store.constants().size(); c++) {
        figures.add(Float.floatToRawIntBits(store.constant(s, c)));
      }
      for (int step = 0; step < store.length(s); step++) {
        for (int c = 0; c < store.channels().size(); c++) {
          figures.add(Float.floatToRawIntBits(store.value(s, step, c)));
        }
      }
    }
    if (store.seriesCount() > 0) {
      Scaler scaler = Scaler.fit(store, Split.last(5, 5), Scaling.STANDARD);
      figures.add(scaler.toJson());
    }
    return new StoreContents(
        List.copyOf(store.keys()), store.channels(), store.constants(), store.axis(), figures);
  }

  /** The same in every process, unlike a hash code. */
  int digest() {
    return toString().hashCode();
  }
}
