using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Stark;
using Tributary.Proofs.Tests.Stark;

namespace Tributary.Proofs.Tests.Memory;

public sealed unsafe class ProverMemoryTests
{
    /// <summary>In elements of four bytes.</summary>
    private const int Megabyte = 1 << 18;

    [Fact]
    public void A_returned_block_serves_the_next_of_about_its_size()
    {
        using var memory = new ProverMemory();
        var first = new FieldBuffer(2 * Megabyte, memory);
        var address = (nint)first.Words;
        first.Dispose();
        Assert.Equal(2L << 20, memory.IdleBytes);
        using var large = new FieldBuffer(3 * Megabyte, memory);
        using var small = new FieldBuffer(Megabyte, memory);
        Assert.Equal(2L << 20, memory.IdleBytes);
        using var again = new FieldBuffer((2 * Megabyte) - 1000, memory);
        Assert.Equal(address, (nint)again.Words);
        Assert.Equal(0, memory.IdleBytes);
    }

    [Fact]
    public void A_matrix_of_zeros_is_zero_in_used_memory()
    {
        using var memory = new ProverMemory();
        using (var used = new ColumnMatrix(16, 15, memory))
        {
            for (var column = 0; column < used.Width; column++)
                used.Column(column).Fill(KoalaBear.One);
        }

        Assert.True(memory.IdleBytes > 0);
        using var fresh = new ColumnMatrix(16, 15, memory);
        for (var column = 0; column < fresh.Width; column++)
            Assert.True(fresh.Column(column).IndexOfAnyExcept(KoalaBear.Zero) < 0);
    }

    [Fact]
    public void What_is_idle_is_bounded_and_ends_with_the_owner()
    {
        var memory = new ProverMemory((1 << 20) + (1 << 19));
        var first = new FieldBuffer(Megabyte, memory);
        var second = new FieldBuffer(Megabyte, memory);
        var third = new FieldBuffer(100, memory);
        first.Dispose();
        first.Dispose();
        second.Dispose();
        third.Dispose();
        Assert.Equal(1L << 20, memory.IdleBytes);
        var open = new FieldBuffer(4 * Megabyte, memory);
        memory.Dispose();
        Assert.Equal(0, memory.IdleBytes);
        open.Dispose();
        Assert.Equal(0, memory.IdleBytes);
        Assert.Throws<ObjectDisposedException>(() => open.Words[0] = 1);
    }

    [Fact]
    public void Proofs_that_share_memory_are_those_that_do_not()
    {
        using var memory = new ProverMemory();
        using var sample = SampleMachines.Squares();
        using var key = ProvingKey.Create(sample.Machine, SampleMachines.Weak);
        var alone = StarkProver.Prove(key, sample.Statement, sample.Traces, cancellationToken: TestContext.Current.CancellationToken);
        for (var round = 0; round < 3; round++)
            Assert.Equal(alone, StarkProver.Prove(key, sample.Statement, sample.Traces, new ProverOptions { Memory = memory }, TestContext.Current.CancellationToken));
    }
}
