using System.Numerics;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Rollup.Proving.Tables;

namespace Tributary.Rollup.Proving;

/// <summary>The tables of a witness. One owner, who disposes them.</summary>
internal sealed class TraceSet : IDisposable
{
    private readonly ColumnMatrix[] _tables = new ColumnMatrix[RollupMachine.Tables];
    private readonly ProverMemory? _memory;

    public TraceSet(ProverMemory? memory)
    {
        _memory = memory;
        _tables[RollupMachine.Range] = new ColumnMatrix(1, RangeAir.LogHeight, memory);
    }

    /// <summary>The tables, in the order of the machine.</summary>
    public IReadOnlyList<ColumnMatrix> Tables => _tables;

    /// <summary>A table, made with room for so many rows.</summary>
    public ColumnMatrix Create(int table, int rows)
    {
        var logHeight = Math.Max(ColumnMatrix.MinLogHeight, BitOperations.Log2((uint)Math.Max(1, rows) - 1) + 1);
        return _tables[table] = new ColumnMatrix(RollupMachine.Instance.Tables[table].Air.Width, logHeight, _memory);
    }

    /// <summary>Counts an integer that a row sends to the range table.</summary>
    public void Count(uint value)
    {
        if (value >= 1 << RangeAir.LogHeight)
            throw new InvalidOperationException($"{value} is out of range: the witness does not hold.");
        _tables[RollupMachine.Range].Column(0)[(int)value] += KoalaBear.One;
    }

    public void Dispose()
    {
        foreach (var table in _tables)
            table?.Dispose();
    }
}
