package io.palispark.tensor;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OnnxJavaType;

/** What one number of a {@link Tensor} is. */
public enum ElementType {
    FLOAT32(4, DataType.FLOAT, OnnxJavaType.FLOAT),
    FLOAT16(2, DataType.FLOAT16, OnnxJavaType.FLOAT16),
    BFLOAT16(2, DataType.BFLOAT16, OnnxJavaType.BFLOAT16),
    FLOAT64(8, DataType.DOUBLE, OnnxJavaType.DOUBLE),
    INT8(1, DataType.INT8, OnnxJavaType.INT8),
    UINT8(1, DataType.UINT8, OnnxJavaType.UINT8),
    INT16(2, DataType.INT16, OnnxJavaType.INT16),
    INT32(4, DataType.INT32, OnnxJavaType.INT32),
    INT64(8, DataType.INT64, OnnxJavaType.INT64),
    BOOL(1, DataType.BOOL, OnnxJavaType.BOOL);

    private final int bytes;
    private final DataType onnx;
    private final OnnxJavaType runtime;

    ElementType(int bytes, DataType onnx, OnnxJavaType runtime) {
        this.bytes = bytes;
        this.onnx = onnx;
        this.runtime = runtime;
    }

    /** Width of one element. */
    public int bytes() {
        return bytes;
    }

    /** The number ONNX has for this type, for attributes such as {@code Cast}'s {@code to}. */
    public int onnxCode() {
        return onnx.getNumber();
    }

    OnnxJavaType runtime() {
        return runtime;
    }

    static ElementType of(OnnxJavaType runtime) {
        for (ElementType type : values()) {
            if (type.runtime == runtime) {
                return type;
            }
        }
        throw new IllegalArgumentException("Cannot hold a tensor of ONNX type " + runtime);
    }
}
