package io.hdl.data.series;

import io.hdl.data.column.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a table become channels and constants, and where they stand in a batch: first
 * keys and time, then texts, then what is wanted as floats. Immutable, apart from the codes that
 * texts are given.
 */
final class StoreColumns {
  private final SeriesSpec spec;
  private final List<Channel> channels = new ArrayList<>();
  private final List<Constant> constants = new ArrayList<>();
  private final List<@Nullable CategoryCodes> categories = new ArrayList<>();
  private final List<String> values;
  private final List<String> floats = new ArrayList<>();

  StoreColumns(SeriesSpec spec, Map<String, ColumnType> types) {
    this.spec = spec;
    this.values = new ArrayList<>(indexColumns());
    channel(spec.target(), Channel.Role.TARGET, types);
    spec.known().forEach(name -> channel(name, Channel.Role.KNOWN, types));
    spec.past().forEach(name -> channel(name, Channel.Role.PAST, types));
    for (String name : spec.constants()) {
      Channel.Kind kind = column(name, types);
      constants.add(new Constant(name, kind, List.of()));
    }
  }

  private void channel(String name, Channel.Role role, Map<String, ColumnType> types) {
    channels.add(new Channel(name, role, column(name, types), List.of()));
  }

  private Channel.Kind column(String name, Map<String, ColumnType> types) {
    ColumnType type = Objects.requireNonNull(types.get(name));
    Channel.Kind kind = Objects.requireNonNull(RoleTypes.kindOf(type));
    boolean text = kind == Channel.Kind.CATEGORY;
    categories.add(text ? new CategoryCodes(spec.vocabularies().get(name)) : null);
    if (!values.contains(name)) {
      (text ? values : floats).add(name);
    }
    return kind;
  }

  /** Keys and time. */
  List<String> indexColumns() {
    List<String> columns = new ArrayList<>(spec.keys());
    columns.add(spec.time());
    return columns;
  }

  /** Columns that are wanted as their types have them: keys and time first. */
  List<String> values() {
    return values;
  }

  /** Columns that are wanted as floats. */
  List<String> floats() {
    return floats;
  }

  /** The channels, without categories. */
  List<Channel> channels() {
    return channels;
  }

  /** The constants, without categories. */
  List<Constant> constants() {
    return constants;
  }

  /** Name of a column: channels first, then constants. */
  String name(int column) {
    return column < channels.size()
        ? channels.get(column).name()
        : constants.get(column - channels.size()).name();
  }

  /** Where a column stands in a batch of {@link #values} and {@link #floats}. */
  int source(int column) {
    int value = values.indexOf(name(column));
    return value >= 0 ? value : values.size() + floats.indexOf(name(column));
  }

  /** The codes of a column of texts. */
  @Nullable CategoryCodes categories(int column) {
    return categories.get(column);
  }

  /** The channels with their categories, once all rows are there. */
  List<Channel> finalChannels() {
    List<Channel> done = new ArrayList<>();
    for (int c = 0; c < channels.size(); c++) {
      Channel channel = channels.get(c);
      CategoryCodes codes = categories.get(c);
      done.add(
          codes == null
              ? channel
              : new Channel(channel.name(), channel.role(), channel.kind(), codes.ordered()));
    }
    return done;
  }

  /** The constants with their categories, once all rows are there. */
  List<Constant> finalConstants() {
    List<Constant> done = new ArrayList<>();
    for (int c = 0; c < constants.size(); c++) {
      Constant constant = constants.get(c);
      CategoryCodes codes = categories.get(channels.size() + c);
      done.add(
          codes == null
              ? constant
              : new Constant(constant.name(), constant.kind(), codes.ordered()));
    }
    return done;
  }
}
