package io.hdl.train;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.WindowBatch;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * How a store's columns stand to those that a model was trained on: they must be the same, but the
 * codes of categories may differ and are translated. A text that the model does not know counts as
 * missing. Immutable.
 */
final class StoreFit {
  /** A column whose codes differ: for each code of the store the model's, or NaN. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Translation(int column, float[] codes) {}

  private final int channels;
  private final int constants;
  private final List<Translation> channelCodes = new ArrayList<>();
  private final List<Translation> constantCodes = new ArrayList<>();

  private StoreFit(int channels, int constants) {
    this.channels = channels;
    this.constants = constants;
  }

  static StoreFit of(Manifest manifest, SeriesStore store) {
    List<String> trained = new ArrayList<>();
    manifest.channels().forEach(c -> trained.add(describe(c.name(), c.role().name(), c.kind())));
    manifest.constants().forEach(c -> trained.add(describe(c.name(), "CONSTANT", c.kind())));
    List<String> given = new ArrayList<>();
    store.channels().forEach(c -> given.add(describe(c.name(), c.role().name(), c.kind())));
    store.constants().forEach(c -> given.add(describe(c.name(), "CONSTANT", c.kind())));
    if (!trained.equals(given)) {
      throw new HdlException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot forecast this data: the model was trained on "
              + trained
              + ", the data has "
              + given
              + ". Open the data with the series specification of the training.");
    }
    StoreFit fit = new StoreFit(store.channels().size(), store.constants().size());
    for (int c = 0; c < fit.channels; c++) {
      Channel channel = manifest.channels().get(c);
      add(fit.channelCodes, c, channel.categories(), store.channels().get(c).categories());
    }
    for (int c = 0; c < fit.constants; c++) {
      Constant constant = manifest.constants().get(c);
      add(fit.constantCodes, c, constant.categories(), store.constants().get(c).categories());
    }
    return fit;
  }

  private static String describe(String name, String role, Channel.Kind kind) {
    return name + " " + role + " " + kind;
  }

  private static void add(
      List<Translation> list, int column, List<String> trained, List<String> given) {
    if (trained.equals(given)) {
      return;
    }
    float[] codes = new float[given.size()];
    for (int code = 0; code < codes.length; code++) {
      int known = trained.indexOf(given.get(code));
      codes[code] = known < 0 ? Float.NaN : known;
    }
    list.add(new Translation(column, codes));
  }

  /** Puts the model's codes where the store's are. */
  void translate(WindowBatch batch) {
    translate(batch.values(), channels, channelCodes);
    translate(batch.constants(), constants, constantCodes);
  }

  private static void translate(FloatBuffer values, int columns, List<Translation> translations) {
    for (Translation translation : translations) {
      for (int i = translation.column(); i < values.limit(); i += columns) {
        float code = values.get(i);
        if (!Float.isNaN(code)) {
          values.put(i, translation.codes()[(int) code]);
        }
      }
    }
  }
}
