package io.hdl.data.scan;

import io.hdl.data.column.ColumnForm;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.column.DeletedRows;
import io.hdl.data.column.FloatForm;
import io.hdl.data.parquet.ColumnDecoder;
import io.hdl.data.parquet.FileColumn;
import io.hdl.data.scan.TableScan.OpenFile;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * The tasks that read columns as floats: one for each column of each row group, or for each range
 * of its rows where there are too few row groups for the threads. No task depends on another.
 */
final class FloatScan {
  private static final int TASKS_PER_THREAD = 4;

  private final List<OpenFile> files;
  private final Runnable beforeTask;
  private final int threads;

  FloatScan(List<OpenFile> files, Runnable beforeTask, int threads) {
    this.files = files;
    this.beforeTask = beforeTask;
    this.threads = threads;
  }

  /**
   * The tasks for these columns.
   *
   * @param isPartition whether a column's values stand in the log
   * @param into where the columns go; each task gives its number of values
   */
  List<Callable<Long>> tasks(
      List<FileColumn> columns, Predicate<FileColumn> isPartition, FloatColumns into) {
    int chunks = 0;
    for (OpenFile file : files) {
      chunks += file.reader().rowGroups() * columns.size();
    }
    int parts = chunks == 0 ? 1 : Math.max(1, TASKS_PER_THREAD * threads / chunks);
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      FileColumn column = columns.get(c).as(ColumnForm.FLOAT);
      FloatBuffer memory = into.column(c);
      long at = 0;
      for (OpenFile file : files) {
        if (isPartition.test(column)) {
          int to = Math.toIntExact(at + file.rows());
          FloatBuffer place = memory.slice((int) at, to - (int) at);
          tasks.add(() -> constant(file, column, place));
          at = to;
        } else {
          at = addChunks(file, column, parts, memory, at, tasks);
        }
      }
    }
    return tasks;
  }

  private long addChunks(
      OpenFile file,
      FileColumn column,
      int parts,
      FloatBuffer memory,
      long firstValue,
      List<Callable<Long>> tasks) {
    ColumnDecoder.DataFileReader reader = file.reader();
    DeletedRows deleted = file.deleted();
    long at = firstValue;
    long firstRow = 0;
    for (int g = 0; g < reader.rowGroups(); g++) {
      int group = g;
      long rows = reader.rows(group);
      long units = (rows + TableScan.UNIT_ROWS - 1) / TableScan.UNIT_ROWS;
      long step = Math.max(1, (units + parts - 1) / parts) * TableScan.UNIT_ROWS;
      for (long row = 0; row < rows; row += step) {
        long from = row;
        long to = Math.min(rows, row + step);
        int place = Math.toIntExact(at);
        tasks.add(
            () -> {
              beforeTask.run();
              return reader.floats(group, from, to, column, deleted, memory, place);
            });
        at += to - from - deleted.countBetween(firstRow + from, firstRow + to);
      }
      firstRow += rows;
    }
    return at;
  }

  private static long constant(OpenFile file, FileColumn column, FloatBuffer place) {
    String text = file.file().partitionValues().get(column.path().get(0));
    ColumnVector one =
        FloatForm.of(
            PartitionValue.vector(column.name(), column.type(), text, 1), ColumnForm.FLOAT);
    float value = ((ColumnVector.Floats) one).value(0);
    for (int i = 0; i < place.capacity(); i++) {
      place.put(i, value);
    }
    return place.capacity();
  }
}
