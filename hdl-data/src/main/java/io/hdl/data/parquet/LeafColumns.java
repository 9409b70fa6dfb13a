package io.hdl.data.parquet;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** Finds leaves in a file's schema, by name or by field id. */
final class LeafColumns {
  /** Columns are read one by one, so there is nothing to convert. */
  static final GroupConverter NO_CONVERTER = new NoConverter();

  private LeafColumns() {}

  /** The leaf behind a column, or null if the file does not have it. */
  static @Nullable ColumnDescriptor find(MessageType schema, FileColumn column, Path file) {
    GroupType group = schema;
    List<String> names = new ArrayList<>();
    for (int depth = 0; depth < column.path().size(); depth++) {
      Type found = field(group, column.path().get(depth), column.ids().get(depth));
      if (found == null) {
        return null;
      }
      names.add(found.getName());
      if (depth == column.path().size() - 1) {
        if (!found.isPrimitive() || found.isRepetition(Type.Repetition.REPEATED)) {
          throw nested(column, file);
        }
        ColumnDescriptor leaf = schema.getColumnDescription(names.toArray(new String[0]));
        if (leaf.getMaxRepetitionLevel() > 0) {
          throw nested(column, file);
        }
        return leaf;
      }
      if (found.isPrimitive()) {
        throw nested(column, file);
      }
      group = found.asGroupType();
    }
    throw new IllegalStateException(column.toString());
  }

  private static @Nullable Type field(GroupType group, String name, int id) {
    if (id >= 0) {
      boolean anyId = false;
      for (Type field : group.getFields()) {
        if (field.getId() != null) {
          anyId = true;
          if (field.getId().intValue() == id) {
            return field;
          }
        }
      }
      if (anyId) {
        return null;
      }
    }
    return group.containsField(name) ? group.getType(name) : null;
  }

  private static HdlException nested(FileColumn column, Path file) {
    return new HdlException(
        ErrorCode.UNSUPPORTED_FEATURE,
        "Cannot read column \""
            + column.name()
            + "\" of "
            + file
            + ": it is not one value per row (lists, maps and whole structs are not read). Choose a"
            + " plain column or a leaf of a struct.");
  }

  /** The part of a schema that holds these leaves; without any, the first leaf of the schema. */
  static MessageType projection(MessageType schema, List<@Nullable ColumnDescriptor> leaves) {
    List<ColumnDescriptor> wanted = leaves.stream().filter(Objects::nonNull).distinct().toList();
    MessageType all = null;
    for (ColumnDescriptor leaf : wanted) {
      MessageType one =
          Types.buildMessage()
              .addField(narrowed(schema.getType(leaf.getPath()[0]), leaf.getPath(), 1))
              .named(schema.getName());
      all = all == null ? one : all.union(one);
    }
    return all == null ? new MessageType(schema.getName(), List.of()) : all;
  }

  private static Type narrowed(Type type, String[] path, int depth) {
    if (type.isPrimitive()) {
      return type;
    }
    Type inner = narrowed(type.asGroupType().getType(path[depth]), path, depth + 1);
    return type.asGroupType().withNewFields(inner);
  }

  private static final class NoConverter extends GroupConverter {
    @Override
    public Converter getConverter(int fieldIndex) {
      return new Either();
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  /** Stands for a group or a primitive, whichever the schema has at the place. */
  private static final class Either extends PrimitiveConverter {
    @Override
    public GroupConverter asGroupConverter() {
      return NO_CONVERTER;
    }
  }
}
