package io.hdl.train;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.job.PythonLoader;
import io.hdl.core.job.PythonLoader.Column;
import io.hdl.data.feature.FittedFeatures;
import io.hdl.data.series.Channel;
import io.hdl.data.series.TimeAxis;
import io.hdl.train.export.PythonPackage;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.Models;
import io.hdl.train.parallel.TorchEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The rows that saved forecasters take and give in Python, and what they need there. */
final class PythonTable {
  private static final String PYTHON = "3.11.9";
  // What runs with both NumPy 1 and 2 on all releases of MLflow from 2.9 on.
  private static final List<String> LIBRARIES = List.of("numpy==1.26.4", "pandas==2.2.3");

  private final List<Manifest> members;
  private final Manifest first;
  private final TableColumns table;

  private PythonTable(List<Manifest> members) {
    this.members = members;
    this.first = members.get(0);
    this.table =
        first.table().orElseThrow(() -> unsupported("it was saved without its table's columns"));
  }

  /**
   * How Python loads a forecaster, or an ensemble of some.
   *
   * @param members what they are
   * @param code where to write the package
   * @param example rows that are forecast from, perhaps none
   * @throws HdlException with {@code UNSUPPORTED_FEATURE} if Python cannot
   */
  static PythonLoader loader(
      List<Manifest> members,
      List<Double> quantiles,
      Path code,
      List<Map<String, Object>> example) {
    for (Manifest member : members) {
      refusal(member)
          .ifPresent(
              why -> {
                throw unsupported(why);
              });
    }
    PythonTable rows = new PythonTable(members);
    Path unused = PythonPackage.writeTo(code);
    List<String> requirements = new ArrayList<>();
    requirements.add("torch==" + torchVersion());
    requirements.addAll(LIBRARIES);
    return new PythonLoader(
        PythonPackage.LOADER,
        code,
        requirements,
        PYTHON,
        rows.inputs(),
        rows.outputs(quantiles),
        example);
  }

  /** Why Python cannot load a forecaster, if it cannot. */
  static Optional<String> refusal(Manifest manifest) {
    Optional<FittedFeatures> fitted = manifest.fitted();
    if (fitted.isPresent()) {
      return Optional.of("hdl alone makes its features " + String.join(", ", fitted.get().added()));
    }
    if (!Models.brings(manifest.model())) {
      return Optional.of("its model " + manifest.model().name() + " is not one of hdl's");
    }
    try {
      Object unused = Losses.named(manifest.loss().name());
    } catch (IllegalArgumentException e) {
      return Optional.of("its loss " + manifest.loss().name() + " is not one of hdl's");
    }
    return Optional.empty();
  }

  private static HdlException unsupported(String why) {
    return new HdlException(
        ErrorCode.UNSUPPORTED_FEATURE,
        "Python cannot load this forecaster: "
            + why
            + ". Load it with hdl, or train one that Python can load.");
  }

  private static String torchVersion() {
    String version = Objects.requireNonNull(TorchEngine.software().get("libtorch"), "libtorch");
    int local = version.indexOf('+');
    return local < 0 ? version : version.substring(0, local);
  }

  private List<Column> index() {
    List<Column> index = new ArrayList<>();
    for (TableColumns.Key key : table.keys()) {
      index.add(
          new Column(
              key.name(),
              key.type() == TableColumns.KeyType.INTEGER
                  ? PythonLoader.Type.LONG
                  : PythonLoader.Type.STRING));
    }
    boolean whole = table.unit() == TimeAxis.Unit.INTEGER;
    index.add(
        new Column(table.time(), whole ? PythonLoader.Type.LONG : PythonLoader.Type.DATETIME));
    return index;
  }

  private List<Column> inputs() {
    Set<String> seen = new HashSet<>(Set.of(first.channels().get(0).name()));
    members.forEach(member -> seen.addAll(member.features().names()));
    Map<String, Column> columns = new LinkedHashMap<>();
    index().forEach(column -> columns.put(column.name(), column));
    Map<String, Channel.Kind> values = new LinkedHashMap<>();
    first.channels().forEach(channel -> values.put(channel.name(), channel.kind()));
    first.constants().forEach(constant -> values.put(constant.name(), constant.kind()));
    values.keySet().retainAll(seen);
    values.forEach( // a column of the key may be a constant as well
        (name, kind) -> columns.putIfAbsent(name, new Column(name, type(kind))));
    return List.copyOf(columns.values());
  }

  private static PythonLoader.Type type(Channel.Kind kind) {
    return switch (kind) {
      case NUMBER -> PythonLoader.Type.DOUBLE;
      case BOOLEAN -> PythonLoader.Type.BOOLEAN;
      case CATEGORY -> PythonLoader.Type.STRING;
    };
  }

  private List<Column> outputs(List<Double> quantiles) {
    List<Column> columns = index();
    Set<String> names = new HashSet<>();
    columns.forEach(column -> names.add(column.name()));
    List<String> values = new ArrayList<>(List.of("forecast"));
    quantiles.forEach(quantile -> values.add("quantile_" + quantile));
    for (String value : values) {
      String name = value;
      while (!names.add(name)) {
        name += "_";
      }
      columns.add(new Column(name, PythonLoader.Type.DOUBLE));
    }
    return columns;
  }
}
