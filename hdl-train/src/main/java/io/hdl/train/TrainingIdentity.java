package io.hdl.train;

import com.google.common.hash.Hashing;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.job.JobContext;
import io.hdl.core.json.Json;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.run.SettingsChange;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import io.hdl.data.series.SeriesStore;
import io.hdl.train.model.FlatParameters;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a training is made of, by name: all that has to be the same for a checkpoint to be of use.
 *
 * <p>That is every setting but those of what comes after training or does not touch the weights
 * ({@code report}, {@code season}, {@code devices}), and {@code patience} and, under a schedule
 * that does not depend on the planned length, {@code epochs}, which only decide when training ends;
 * the seed; the data (address, version, columns, specification, series, windows, scaler); and the
 * name and shape of each array of weights.
 */
final class TrainingIdentity {
  private static final Set<String> FREE = Set.of("report", "season", "devices", "patience");
  private static final int HASH_LETTERS = 16;

  private TrainingIdentity() {}

  static Map<String, String> of(
      TrainingSettings settings,
      SeriesStore store,
      JobContext context,
      Map<String, Object> scaler,
      long trainWindows,
      List<FlatParameters.Part> weights) {
    Map<String, String> facts = new LinkedHashMap<>(settings.toMap());
    facts.keySet().removeAll(FREE);
    if (!settings.schedule().dependsOnLength()) {
      facts.remove("epochs");
    }
    facts.put("seed", Long.toString(context.seed()));
    context.record().provenance().data().ifPresent(data -> addData(facts, data));
    facts.put("data.series", Integer.toString(store.seriesCount()));
    facts.put("data.train_windows", Long.toString(trainWindows));
    for (Channel channel : store.channels()) {
      facts.put(
          "data.channel." + channel.name(),
          word(channel.role()) + " " + kind(channel.kind(), channel.categories()));
    }
    for (Constant constant : store.constants()) {
      facts.put("data.constant." + constant.name(), kind(constant.kind(), constant.categories()));
    }
    facts.put("data.scaler", hash(Json.write(scaler)));
    weights.forEach(part -> facts.put("weight." + part.name(), part.shape().toString()));
    return facts;
  }

  private static void addData(Map<String, String> facts, DataProvenance data) {
    facts.put("data.uri", data.uri());
    facts.put("data.version", Long.toString(data.version()));
    facts.put("data.table_id", data.tableId());
    facts.put("data.columns", String.join(", ", data.columns()));
    data.specification().forEach((name, value) -> facts.put("data." + name, value));
  }

  private static String kind(Channel.Kind kind, List<String> categories) {
    return categories.isEmpty()
        ? word(kind)
        : word(kind) + " of " + categories.size() + ", " + hash(Json.write(categories));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String hash(String text) {
    String hash = Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
    return "SHA-256 " + hash.substring(0, HASH_LETTERS);
  }

  /**
   * Refuses a checkpoint of another training.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} that names each difference
   */
  static void requireSame(Path file, Map<String, String> saved, Map<String, String> now) {
    String differences = SettingsChange.describe(saved, "in the checkpoint", now, "now");
    if (!differences.isEmpty()) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          "Cannot continue from the checkpoint "
              + file
              + ": it is of another training: "
              + differences
              + ". A training goes on only as it was begun. Run the job again: it begins a new run,"
              + " from the start.");
    }
  }
}
