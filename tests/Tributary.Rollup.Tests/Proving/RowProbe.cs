using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;

namespace Tributary.Rollup.Tests.Proving;

/// <summary>What an AIR says of one row: the values of its constraints, and its messages with their multiplicities. One cell may be changed.</summary>
internal readonly ref struct RowProbe(ColumnMatrix main, ColumnMatrix? preprocessed, KoalaBear[] publics, int row, (int Row, int Column, KoalaBear Value)? change)
    : IAirBuilder<KoalaBear>
{
    public List<KoalaBear> Constraints { get; } = [];

    public List<KoalaBear> Messages { get; } = [];

    public KoalaBear IsFirstRow => KoalaBear.FromBoolean(row == 0);

    public KoalaBear IsLastRow => KoalaBear.FromBoolean(row == main.Height - 1);

    public KoalaBear IsTransition => KoalaBear.FromBoolean(row != main.Height - 1);

    private int NextRow => (row + 1) % main.Height;

    public KoalaBear Main(int column) => Cell(row, column);

    public KoalaBear Next(int column) => Cell(NextRow, column);

    public KoalaBear Preprocessed(int column) => preprocessed![row, column];

    public KoalaBear PreprocessedNext(int column) => preprocessed![NextRow, column];

    public KoalaBear Public(int index) => publics[index];

    public void AssertZero(KoalaBear value) => Constraints.Add(value);

    public void Send(Bus bus, KoalaBear multiplicity, scoped ReadOnlySpan<KoalaBear> message) => Add(bus, multiplicity, message);

    public void Receive(Bus bus, KoalaBear multiplicity, scoped ReadOnlySpan<KoalaBear> message) => Add(bus, -multiplicity, message);

    /// <summary>A message that is not sent says nothing.</summary>
    private void Add(Bus bus, KoalaBear multiplicity, ReadOnlySpan<KoalaBear> message)
    {
        Messages.Add(bus.Number);
        Messages.Add(multiplicity);
        foreach (var element in message)
            Messages.Add(multiplicity.IsZero ? KoalaBear.Zero : element);
    }

    private KoalaBear Cell(int at, int column) => change is { } cell && cell.Row == at && cell.Column == column ? cell.Value : main[at, column];
}
