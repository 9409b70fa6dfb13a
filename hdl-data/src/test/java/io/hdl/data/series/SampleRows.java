package io.hdl.data.series;

import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Rows made up from a seed, as a table would give them, in an order of the test's choice. */
final class SampleRows implements RowReader {
  static final SeriesSpec SPEC =
      SeriesSpec.keyedBy("store", "item")
          .orderedBy("date", Frequency.DAILY)
          .target("units")
          .known("price", "weather")
          .past("stock")
          .constant("region", "size", "store");

  static final Map<String, ColumnType> TYPES =
      Map.of(
          "store", ColumnType.INTEGER,
          "item", ColumnType.STRING,
          "date", ColumnType.DATE,
          "units", ColumnType.DOUBLE,
          "price", ColumnType.FLOAT,
          "weather", ColumnType.STRING,
          "stock", ColumnType.INTEGER,
          "region", ColumnType.STRING,
          "size", ColumnType.LONG);

  /** In what order rows come. */
  enum Order {
    BY_SERIES,
    BY_DATE,
    SHUFFLED
  }

  /** One row; NaN and null where a value is missing. */
  record Row(
      int store,
      String item,
      int day,
      float units,
      float price,
      @Nullable String weather,
      float stock) {
    String region() {
      return store % 2 == 0 ? "north" : "söuth";
    }
  }

  private static final String[] WEATHER = {"sun", "rain", "snow", "fog"};
  static final int FIRST_DAY = (int) LocalDate.of(2024, 2, 20).toEpochDay();

  private final List<Row> rows;
  private final int batchRows;
  private final int threads;

  SampleRows(List<Row> rows, int batchRows, int threads) {
    this.rows = rows;
    this.batchRows = batchRows;
    this.threads = threads;
  }

  /** Series of up to 200 days, with gaps, missing values and known future. */
  static SampleRows of(long seed, Order order) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    int stores = 1 + random.nextInt(12);
    for (int store = 0; store < stores; store++) {
      for (String item : new String[] {"a", "b/c", "ä", "\uD83D\uDE00", ""}) {
        int first = FIRST_DAY + random.nextInt(30);
        int length = 1 + random.nextInt(200);
        for (int day = 0; day < length; day++) {
          boolean gap = day > 0 && day < length - 1 && random.nextInt(10) == 0;
          if (!gap) {
            boolean future = day > length * 3 / 4 && store % 3 == 0;
            rows.add(
                new Row(
                    store - 3,
                    item,
                    first + day,
                    future || random.nextInt(20) == 0 ? Float.NaN : random.nextInt(1000),
                    random.nextFloat() * 20 - 10,
                    random.nextInt(9) == 0 ? null : WEATHER[random.nextInt(WEATHER.length)],
                    random.nextInt(15) == 0 ? Float.NaN : random.nextInt(500)));
          }
        }
      }
    }
    switch (order) {
      case BY_SERIES -> {}
      case BY_DATE -> rows.sort((a, b) -> Integer.compare(a.day(), b.day()));
      case SHUFFLED -> Collections.shuffle(rows, random);
    }
    return new SampleRows(rows, 1 + random.nextInt(2000), 1 + random.nextInt(4));
  }

  List<Row> rows() {
    return rows;
  }

  @Override
  public void read(List<String> values, List<String> floats, Sink sink) {
    int batches = (rows.size() + batchRows - 1) / batchRows;
    List<Thread> workers = new ArrayList<>();
    List<RuntimeException> failures = Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < threads; t++) {
      int offset = t;
      Thread worker =
          new Thread(
              () -> {
                try {
                  for (int b = offset; b < batches; b += threads) {
                    sink.accept(b, batch(b, values, floats));
                  }
                } catch (RuntimeException e) {
                  failures.add(e);
                }
              });
      worker.start();
      workers.add(worker);
    }
    for (Thread worker : workers) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }

  private ColumnBatch batch(int number, List<String> values, List<String> floats) {
    List<Row> part =
        rows.subList(number * batchRows, Math.min(rows.size(), (number + 1) * batchRows));
    List<ColumnVector> vectors = new ArrayList<>();
    values.forEach(name -> vectors.add(value(name, part)));
    floats.forEach(name -> vectors.add(floats(name, part)));
    return new ColumnBatch(part.size(), vectors);
  }

  private static ColumnVector value(String name, List<Row> part) {
    return switch (name) {
      case "store" -> new ColumnVector.Longs(part.stream().mapToLong(Row::store).toArray(), null);
      case "date" -> new ColumnVector.Longs(part.stream().mapToLong(Row::day).toArray(), null);
      case "item" -> texts(part.stream().map(Row::item).toList());
      case "region" -> texts(part.stream().map(Row::region).toList());
      case "weather" -> {
        List<@Nullable String> all = new ArrayList<>();
        part.forEach(row -> all.add(row.weather()));
        yield texts(all);
      }
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static ColumnVector texts(List<? extends @Nullable String> texts) {
    Map<String, Integer> dictionary = new LinkedHashMap<>();
    int[] codes = new int[texts.size()];
    for (int i = 0; i < codes.length; i++) {
      String text = texts.get(i);
      codes[i] = text == null ? -1 : dictionary.computeIfAbsent(text, t -> dictionary.size());
    }
    return new ColumnVector.Texts(codes, List.copyOf(dictionary.keySet()));
  }

  private static ColumnVector floats(String name, List<Row> part) {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(part.size() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int i = 0; i < part.size(); i++) {
      Row row = part.get(i);
      buffer.put(
          i,
          switch (name) {
            case "units" -> row.units();
            case "price" -> row.price();
            case "stock" -> row.stock();
            case "size" -> 100f * row.store();
            default -> throw new IllegalArgumentException(name);
          });
    }
    return new ColumnVector.Floats(buffer);
  }

  /** A store in memory of rows in this order. */
  SeriesStore inMemory(SeriesSpec spec) {
    return new SeriesAssembler(spec, TYPES, "rows", 2).inMemory(this);
  }
}
