package io.hdl.data.row;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.scan.ScanRange;
import io.hdl.data.scan.TableScan;
import io.hdl.data.series.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The first look at a table's rows: parts and counts them and collects texts. */
final class RowSurvey {
  private static final int MAX_TEXTS = 1 << 20;

  /** A column of texts whose vocabulary is learned. */
  private record TextColumn(String name, Set<String> texts) {}

  private final RowColumns columns;
  private final RowParts parts;
  private final RowReading reading;
  private final List<RowValues> givenLabels = new ArrayList<>();
  private final List<TextColumn> features = new ArrayList<>();
  private final Map<Integer, TextColumn> labels = new LinkedHashMap<>();
  private final LongAdder withoutLabel = new LongAdder();
  private final LongAdder withoutTime = new LongAdder();
  // By range; each is written by the one task that reads it.
  private final int[][] counts;
  private final int[] rows;

  private RowSurvey(RowColumns columns, RowParts parts, int ranges) {
    this.columns = columns;
    this.parts = parts;
    this.reading = RowReading.survey(columns);
    this.counts = new int[ranges][RowParts.COUNT];
    this.rows = new int[ranges];
    RowSpec spec = columns.spec();
    for (String feature : spec.features()) {
      if (columns.isText(feature) && !spec.vocabularies().containsKey(feature)) {
        features.add(new TextColumn(feature, ConcurrentHashMap.newKeySet()));
      }
    }
    for (int i = 0; i < spec.labels().size(); i++) {
      String label = spec.labels().get(i);
      List<String> given = spec.vocabularies().get(label);
      givenLabels.add(new RowValues(given == null ? List.of() : given));
      if (columns.isText(label) && given == null) {
        labels.put(i, new TextColumn(label, ConcurrentHashMap.newKeySet()));
      }
    }
  }

  static RowIndex of(TableScan scan, RowColumns columns, RowParts parts, int rangeRows) {
    List<ScanRange> ranges = scan.ranges(rangeRows);
    RowSurvey survey = new RowSurvey(columns, parts, ranges.size());
    scan.read(survey.reading.columns(), ranges, survey::take);
    return survey.index(ranges);
  }

  private void take(long number, ColumnBatch batch) {
    int range = ScanRange.ofBatch(number);
    byte[] ofRows = parts.of(reading.deciding(batch), batch.rows());
    for (byte part : ofRows) {
      if (part == RowParts.NONE) {
        withoutTime.increment();
      }
    }
    List<ColumnVector> labelVectors = reading.labels(batch);
    withoutLabel.add(leaveOut(missing(labelVectors, batch.rows()), ofRows));
    for (byte part : ofRows) {
      if (part != RowParts.NONE) {
        counts[range][part]++;
      }
    }
    rows[range] += batch.rows();
    List<ColumnVector> featureVectors = reading.features(batch);
    for (int i = 0; i < features.size(); i++) {
      collect(features.get(i), featureVectors.get(i), ofRows, RowParts.number(Part.TRAIN));
    }
    labels.forEach((i, column) -> collect(column, labelVectors.get(i), ofRows, RowParts.NONE));
  }

  private boolean[] missing(List<ColumnVector> vectors, int count) {
    boolean[] missing = new boolean[count];
    for (int i = 0; i < vectors.size(); i++) {
      ColumnVector vector = vectors.get(i);
      if (labels.containsKey(i)) {
        for (int row = 0; row < count; row++) {
          missing[row] |= vector.isNull(row);
        }
      } else {
        RowTable.addMissing(givenLabels.get(i).of(vector), missing);
      }
    }
    return missing;
  }

  /** Takes rows out of their parts; gives how many had one. */
  static long leaveOut(boolean[] missing, byte[] parts) {
    long left = 0;
    for (int row = 0; row < parts.length; row++) {
      if (missing[row] && parts[row] != RowParts.NONE) {
        parts[row] = RowParts.NONE;
        left++;
      }
    }
    return left;
  }

  /** Collects the texts of rows of one part, or of any part. */
  private void collect(TextColumn column, ColumnVector vector, byte[] parts, byte ofPart) {
    ColumnVector.Texts texts = (ColumnVector.Texts) vector;
    boolean[] seen = new boolean[texts.dictionary().size()];
    for (int row = 0; row < parts.length; row++) {
      if (parts[row] != RowParts.NONE
          && (ofPart == RowParts.NONE || parts[row] == ofPart)
          && !texts.isNull(row)) {
        seen[texts.code(row)] = true;
      }
    }
    for (int i = 0; i < seen.length; i++) {
      if (seen[i]) {
        column.texts().add(texts.dictionary().get(i));
      }
    }
    if (column.texts().size() > MAX_TEXTS) {
      throw new HdlException(
          ErrorCode.INVALID_DATA,
          "Cannot give codes to the texts of \""
              + column.name()
              + "\": it has more than "
              + MAX_TEXTS
              + " different ones. Leave the column out, or group its texts where the table is"
              + " written.");
    }
  }

  private RowIndex index(List<ScanRange> ranges) {
    Map<String, List<String>> vocabularies = new LinkedHashMap<>(columns.spec().vocabularies());
    features.forEach(column -> vocabularies.put(column.name(), sorted(column)));
    labels.values().forEach(column -> vocabularies.put(column.name(), sorted(column)));
    long[] firstRows = new long[rows.length];
    long total = 0;
    for (int range = 0; range < rows.length; range++) {
      firstRows[range] = total;
      total += rows[range];
    }
    return new RowIndex(
        ranges, counts, firstRows, vocabularies, total, withoutLabel.sum(), withoutTime.sum());
  }

  private static List<String> sorted(TextColumn column) {
    return column.texts().stream().sorted().toList();
  }
}
