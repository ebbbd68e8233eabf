package io.palispark.vqvae;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodecThroughputTest {

    @Test
    void measuresBothNetworksWithSeveralCallers() throws InterruptedException {
        CodecThroughput throughput = CodecThroughput.measure(MaskCodec.standIn(), 2, 1, 64);
        assertThat(throughput.threads()).isEqualTo(2);
        assertThat(throughput.encoded()).isGreaterThan(throughput.decoded());
        assertThat(throughput.decoded()).isGreaterThan(10);
    }
}
