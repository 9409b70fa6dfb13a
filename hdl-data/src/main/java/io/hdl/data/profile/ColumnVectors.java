package io.hdl.data.profile;

import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The columns of one batch by their names. */
final class ColumnVectors {
  private final List<String> names;
  private final List<ColumnVector> vectors;

  ColumnVectors(List<String> names, List<ColumnVector> vectors) {
    this.names = names;
    this.vectors = vectors;
  }

  static ColumnType type(Map<String, ColumnType> types, String name) {
    ColumnType type = types.get(name);
    if (type == null) {
      throw new IllegalStateException("no type of " + name);
    }
    return type;
  }

  List<ColumnVector> of(List<String> wanted) {
    return wanted.stream().map(name -> vectors.get(names.indexOf(name))).toList();
  }

  /** Hands each column to its accumulator; those that another thread holds come later. */
  void addTo(List<ColumnAccumulator> accumulators, long batch) {
    List<ColumnAccumulator> left = new ArrayList<>(accumulators);
    while (!left.isEmpty()) {
      List<ColumnAccumulator> busy = new ArrayList<>();
      for (ColumnAccumulator column : left) {
        if (column.lock.tryLock()) {
          try {
            column.add(batch, vectors.get(names.indexOf(column.name())));
          } finally {
            column.lock.unlock();
          }
        } else {
          busy.add(column);
        }
      }
      if (busy.size() == left.size()) {
        ColumnAccumulator first = busy.remove(0);
        first.lock.lock();
        try {
          first.add(batch, vectors.get(names.indexOf(first.name())));
        } finally {
          first.lock.unlock();
        }
      }
      left = busy;
    }
  }
}
