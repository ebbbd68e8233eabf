package io.palispark.spark;

import io.palispark.token.Convention;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function1;
import scala.Function2;
import scala.Function3;
import scala.Function5;
import scala.Option;
import scala.Tuple3;
import scala.collection.Seq;
import scala.collection.immutable.Nil$;
import scala.runtime.BoxedUnit;

/**
 * The SQL functions of {@link SqlFunction} for every session: {@code
 * spark.sql.extensions=io.palispark.spark.PalisparkExtensions}. The mask codec is {@code spark.palispark.codec.weights},
 * the convention's keys are {@code spark.palispark.convention.*}, both as in {@code conf/prepare.conf}.
 */
public final class PalisparkExtensions implements Function1<SparkSessionExtensions, BoxedUnit> {

    private static final Logger LOG = LoggerFactory.getLogger(PalisparkExtensions.class);
    private static final String WEIGHTS = "spark.palispark.codec.weights";
    private static final String CONVENTION = "spark.palispark.convention.";

    /** Functions whose result depends on the mask codec. */
    private static final Set<SqlFunction> CODING =
            EnumSet.of(SqlFunction.PALIGEMMA_ENCODE, SqlFunction.PALIGEMMA_DECODE);

    /** The one that takes function, type, arguments, encoders in and out, name, nullable, deterministic. */
    private static final int UDF_PARAMETERS = 8;

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // Spark 3.5 and 4 differ in the Seq that a builder takes
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        for (SqlFunction function : SqlFunction.values()) {
            ExpressionInfo info = new ExpressionInfo(
                    ScalaUDF.class.getName(),
                    null,
                    function.sqlName(),
                    function.usage(),
                    "",
                    function.examples(),
                    "",
                    "",
                    "",
                    "",
                    "scala_udf");
            Function1 builder = (Function1<Seq<Expression>, Expression> & Serializable)
                    arguments -> expression(function, arguments);
            extensions.injectFunction(new Tuple3(new FunctionIdentifier(function.sqlName()), info, builder));
        }
        return BoxedUnit.UNIT;
    }

    private static Expression expression(SqlFunction function, Seq<Expression> arguments) {
        if (arguments.length() != function.arity()) {
            throw new IllegalArgumentException("Cannot call " + function.sqlName() + " with " + arguments.length()
                    + " arguments; its form is " + function.usage());
        }
        Object body = body(function, settings(function));
        for (Constructor<?> constructor : ScalaUDF.class.getConstructors()) {
            if (constructor.getParameterCount() == UDF_PARAMETERS) {
                return udf(constructor, function, body, arguments);
            }
        }
        throw new IllegalStateException("Cannot call " + function.sqlName() + " on Spark "
                + org.apache.spark.package$.MODULE$.SPARK_VERSION() + ": its ScalaUDF is built otherwise");
    }

    /** By reflection, as the one jar meets a {@code scala.collection.Seq} in Spark 3.5 and an immutable one in Spark 4. */
    private static Expression udf(
            Constructor<?> constructor, SqlFunction function, Object body, Seq<Expression> arguments) {
        try {
            return (Expression) constructor.newInstance(
                    body,
                    function.result(),
                    arguments,
                    Nil$.MODULE$,
                    Option.empty(),
                    Option.apply(function.sqlName()),
                    true,
                    true);
        } catch (InstantiationException | IllegalAccessException | InvocationTargetException unexpected) {
            throw new IllegalStateException("Cannot call " + function.sqlName(), unexpected);
        }
    }

    /** The function object that Spark serialises for its tasks. */
    private static Object body(SqlFunction function, SqlCodec codec) {
        return switch (function.arity()) {
            case 1 -> (Function1<Object, Object> & Serializable) a -> function.call(codec, a);
            case 2 -> (Function2<Object, Object, Object> & Serializable) (a, b) -> function.call(codec, a, b);
            case 3 ->
                (Function3<Object, Object, Object, Object> & Serializable) (a, b, c) -> function.call(codec, a, b, c);
            case 5 ->
                (Function5<Object, Object, Object, Object, Object, Object> & Serializable)
                        (a, b, c, d, e) -> function.call(codec, a, b, c, d, e);
            default -> throw new IllegalStateException("Cannot call " + function.usage());
        };
    }

    private static SqlCodec settings(SqlFunction function) {
        SparkConf conf = SparkEnv.get().conf();
        Map<String, String> convention = new TreeMap<>();
        for (var setting : conf.getAllWithPrefix(CONVENTION)) {
            convention.put(setting._1(), setting._2());
        }
        if (CODING.contains(function) && !conf.contains(WEIGHTS)) {
            LOG.warn("Masks are coded with the bundled stand-in; set {} to a vae-oid.npz for training data", WEIGHTS);
        }
        return new SqlCodec(
                conf.get(WEIGHTS, SharedCodecs.STAND_IN),
                Convention.BIG_VISION.with(convention).orElseThrow());
    }
}
