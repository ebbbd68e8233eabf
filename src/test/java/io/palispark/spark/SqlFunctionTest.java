package io.palispark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palispark.SparkFixture;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlFunctionTest {

    private static final String SQUARE = "array(array(20D, 20D, 60D, 20D, 60D, 60D, 20D, 60D))";

    @Test
    void aBoxBecomesFourLocationTokensAndALabel() {
        assertThat(value("paligemma_encode('cat', array(0, 0, 320, 240), null, 480, 640)"))
                .isEqualTo("<loc0000><loc0000><loc0512><loc0512> cat");
        assertThat(value("paligemma_box_tokens(array(0, 0, 320, 240), 480, 640)"))
                .isEqualTo("<loc0000><loc0000><loc0512><loc0512>");
    }

    @Test
    void aPolygonGoesThroughTokensAndBack() {
        Row row = SparkFixture.session()
                .sql("SELECT polygon_to_rle(" + SQUARE + ", 100, 100) AS mask," + " paligemma_encode('mug', null, "
                        + SQUARE + ", 100, 100) AS suffix")
                .selectExpr(
                        "suffix",
                        "rle_area(mask) AS area",
                        "mask_iou(mask, paligemma_decode(suffix, 100, 100)[0].segmentation) AS iou",
                        "paligemma_decode(suffix, 100, 100)[0].label AS label",
                        "size(paligemma_parse(suffix)[0].codes) AS codes")
                .head();

        assertThat(row.getString(0))
                .startsWith("<loc0205><loc0205><loc0614><loc0614><seg")
                .endsWith(" mug");
        assertThat(row.getLong(1)).isEqualTo(1600);
        assertThat(row.getDouble(2)).isGreaterThan(0.9);
        assertThat(row.getString(3)).isEqualTo("mug");
        assertThat(row.getInt(4)).isEqualTo(16);
    }

    @Test
    void runLengthsAreTakenAsStructAndAsText() {
        String struct = "named_struct('size', array(10, 10), 'counts', array(0, 50, 50))";
        String text = "'{\"size\":[10,10],\"counts\":[25,50,25]}'";

        assertThat(value("rle_area(" + struct + ")")).isEqualTo(50L);
        assertThat(value("mask_iou(" + struct + ", " + text + ")")).isEqualTo(1 / 3.0);
        assertThat(value("paligemma_encode('mug', null, " + text + ", 10, 10)").toString())
                .startsWith("<loc0000><loc0205><loc1023><loc0818><seg");
    }

    @Test
    void whatIsWrongInAModelsTextIsADefect() {
        List<Row> objects = SparkFixture.session()
                .sql("SELECT inline(paligemma_parse('<loc0900><loc0100> cat'))")
                .collectAsList();

        assertThat(objects).isNotEmpty().allSatisfy(row -> {
            assertThat(row.isNullAt(row.fieldIndex("box"))).isTrue();
            assertThat(row.getStruct(row.fieldIndex("defect")).getString(0)).isNotBlank();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "paligemma_encode(null, null, null, null, null)",
                "paligemma_encode('cat', array(0D, 0D, double('NaN'), 10D), null, 480, 640)",
                "paligemma_encode('cat', array(700, 0, 10, 10), null, 480, 640)",
                "paligemma_encode('cat', array(0, 0, 10, 10), '{\"size\":[4', 480, 640)",
                "paligemma_encode('a ; b', array(0, 0, 10, 10), null, 480, 640)",
                "paligemma_encode('cat', array(0, 0, 10, 10), null, 2000000000, 2000000000)",
                "paligemma_encode('cat', 'box', null, 480, 640)",
                "paligemma_parse(null)",
                "paligemma_decode('<loc0000><loc0000><loc0512><loc0512> cat', 0, 640)",
                "paligemma_box_tokens(array(1, 2, 3), 480, 640)",
                "mask_iou('{}', '[]')",
                "rle_area('{\"size\":[10,10],\"counts\":[101]}')",
                "polygon_to_rle(array(array(1, 2, 3, 4)), 10, 10)"
            })
    void whatIsNullOrMalformedIsNull(String call) {
        assertThat(value(call)).isNull();
    }

    @Test
    void plansAndHelpShowReadableNames() {
        Dataset<Row> query =
                SparkFixture.session().range(3).selectExpr("paligemma_parse(concat('<loc', id)) AS objects");

        assertThat(query.queryExecution()
                        .explainString(org.apache.spark.sql.execution.ExplainMode.fromString("simple")))
                .contains("paligemma_parse(concat(<loc, ");
        assertThat(SparkFixture.session()
                        .sql("DESCRIBE FUNCTION EXTENDED paligemma_encode")
                        .collectAsList()
                        .toString())
                .contains(
                        "paligemma_encode(label, bbox, segmentation, height, width)", "SELECT paligemma_encode('cat'");
    }

    @ParameterizedTest
    @EnumSource(SqlFunction.class)
    void everyFunctionIsDescribedWithAnExampleThatRuns(SqlFunction function) {
        String description =
                SparkFixture.session().sql("DESCRIBE FUNCTION EXTENDED " + function.sqlName()).collectAsList().stream()
                        .map(row -> row.getString(0))
                        .collect(Collectors.joining());
        String query = description.substring(description.indexOf("SELECT"), description.lastIndexOf(';'));

        assertThat(description).contains(function.usage());
        assertThat(SparkFixture.session().sql(query).head().get(0)).isNotNull();
    }

    @Test
    void aWrongNumberOfArgumentsIsAnErrorThatShowsTheForm() {
        assertThatThrownBy(() -> SparkFixture.session().sql("SELECT rle_area(1, 2)"))
                .hasMessageContaining("rle_area(rle)");
    }

    private static Object value(String call) {
        return SparkFixture.session().sql("SELECT " + call).head().get(0);
    }
}
