package io.hdl.benchmarks.peers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns of the tables. */
final class SalesColumns {
  /** All 14, with their types as Delta names them. */
  static final Map<String, String> TYPES = types();

  /** The 13 that hold numbers, in the order in which they are read. */
  static final List<String> NUMBERS =
      TYPES.keySet().stream().filter(name -> !name.equals("category")).toList();

  private SalesColumns() {}

  private static Map<String, String> types() {
    Map<String, String> types = new LinkedHashMap<>();
    types.put("store", "integer");
    types.put("item", "integer");
    types.put("date", "date");
    types.put("category", "string");
    types.put("price", "double");
    types.put("units", "integer");
    types.put("revenue", "double");
    types.put("margin", "double");
    types.put("temperature", "float");
    types.put("discount", "float");
    types.put("traffic", "float");
    types.put("promo", "boolean");
    types.put("holiday", "boolean");
    types.put("stock", "long");
    return types;
  }
}
