using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Proving.Tables;

/// <summary>
/// Cells of the state that the statement shows, before and after: what is rare, and whose rules the verifier checks itself (docs/rollup/air.md,
/// section 4.6).
/// </summary>
internal sealed class CellsAir : IAir
{
    public const int Active = 0;
    public const int Time = 1;
    public const int Address = 2;
    public const int Before = Address + 4;
    public const int After = Before + TreeHash.BlockElements;
    public const int TimeBefore = After + TreeHash.BlockElements;
    public const int Columns = TimeBefore + 1;

    public string Name => "cells";

    public int Width => Columns;

    public void Evaluate<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var active = air.Main(Active);
        AirAssert.Boolean(ref air, active);
        var cells = default(MessageCells<T>);
        Span<T> message = cells;
        var shown = message[..RollupBuses.Cells.Width];
        Cells.Read(ref air, Time, shown);
        air.Receive(RollupBuses.Cells, active, shown);

        var cell = message[..RollupBuses.Memory.Width];
        Cells.Read(ref air, Address, cell[..20]);
        cell[^1] = air.Main(TimeBefore);
        air.Receive(RollupBuses.Memory, active, cell);
        Cells.Read(ref air, After, cell.Slice(4, TreeHash.BlockElements));
        cell[^1] = air.Main(Time);
        air.Send(RollupBuses.Memory, active, cell);
        air.Send(RollupBuses.Range, active, [air.Main(Time) - air.Main(TimeBefore) - T.One]);
    }
}
