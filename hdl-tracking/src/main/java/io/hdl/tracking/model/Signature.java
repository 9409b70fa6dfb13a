package io.hdl.tracking.model;

import io.hdl.core.job.PythonLoader;
import io.hdl.core.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a model takes and gives, in MLflow's words. */
final class Signature {
  private Signature() {}

  /** Inputs and outputs, each as a JSON text. */
  static Map<String, String> of(PythonLoader loader) {
    Map<String, String> signature = new LinkedHashMap<>();
    signature.put("inputs", columns(loader.inputs()));
    signature.put("outputs", columns(loader.outputs()));
    return signature;
  }

  private static String columns(List<PythonLoader.Column> columns) {
    List<Map<String, Object>> specs = new ArrayList<>();
    for (PythonLoader.Column column : columns) {
      Map<String, Object> spec = new LinkedHashMap<>();
      spec.put("type", column.type().name().toLowerCase(Locale.ROOT));
      spec.put("name", column.name());
      specs.add(spec);
    }
    return Json.write(specs);
  }

  /** The example's rows as pandas' split JSON; a missing value is null. */
  static String example(PythonLoader loader) {
    List<String> names =
        loader.inputs().stream()
            .map(PythonLoader.Column::name)
            .filter(name -> loader.example().stream().anyMatch(row -> row.containsKey(name)))
            .toList();
    List<List<@Nullable Object>> data = new ArrayList<>();
    for (Map<String, Object> row : loader.example()) {
      List<@Nullable Object> values = new ArrayList<>();
      names.forEach(name -> values.add(row.get(name)));
      data.add(values);
    }
    return Json.write(Map.of("columns", names, "data", data));
  }
}
