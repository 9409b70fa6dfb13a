package io.hdl.data.row;

import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.scan.ScanColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a scan is asked for, and where each role's columns lie in its batches. Immutable and
 * thread-safe.
 */
final class RowReading {
  private final List<ScanColumn> columns = new ArrayList<>();
  private final List<Integer> features = new ArrayList<>();
  private final List<Integer> labels = new ArrayList<>();
  private final List<Integer> deciding = new ArrayList<>();

  private RowReading() {}

  /** All that the values of rows need. */
  static RowReading values(RowColumns of) {
    return make(of, of.spec().features());
  }

  /**
   * What it takes to part and count the rows: of the features only those that decide the part or
   * need a vocabulary.
   */
  static RowReading survey(RowColumns of) {
    RowSpec spec = of.spec();
    List<String> read = new ArrayList<>();
    for (String feature : spec.features()) {
      if (of.isText(feature) && !spec.vocabularies().containsKey(feature)) {
        read.add(feature);
      }
    }
    return make(of, read);
  }

  private static RowReading make(RowColumns of, List<String> readFeatures) {
    RowSpec spec = of.spec();
    RowReading reading = new RowReading();
    Map<ScanColumn, Integer> places = new HashMap<>();
    readFeatures.forEach(column -> reading.features.add(reading.place(value(of, column), places)));
    spec.labels().forEach(column -> reading.labels.add(reading.place(value(of, column), places)));
    if (spec.split() instanceof RowSplit.At at) {
      reading.deciding.add(reading.place(ScanColumn.values(at.column()), places));
    } else if (!spec.keys().isEmpty()) {
      spec.keys()
          .forEach(
              column -> reading.deciding.add(reading.place(ScanColumn.values(column), places)));
    } else {
      List<String> content = new ArrayList<>(spec.features());
      content.addAll(spec.labels());
      content.forEach(column -> reading.deciding.add(reading.place(value(of, column), places)));
    }
    return reading;
  }

  private static ScanColumn value(RowColumns of, String column) {
    return of.isText(column) ? ScanColumn.values(column) : ScanColumn.floats(column);
  }

  private int place(ScanColumn column, Map<ScanColumn, Integer> places) {
    Integer known = places.get(column);
    if (known == null) {
      known = columns.size();
      places.put(column, known);
      columns.add(column);
    }
    return known;
  }

  List<ScanColumn> columns() {
    return columns;
  }

  List<ColumnVector> features(ColumnBatch batch) {
    return chosen(batch, features);
  }

  List<ColumnVector> labels(ColumnBatch batch) {
    return chosen(batch, labels);
  }

  List<ColumnVector> deciding(ColumnBatch batch) {
    return chosen(batch, deciding);
  }

  private static List<ColumnVector> chosen(ColumnBatch batch, List<Integer> places) {
    List<ColumnVector> vectors = new ArrayList<>(places.size());
    places.forEach(place -> vectors.add(batch.columns().get(place)));
    return vectors;
  }
}
