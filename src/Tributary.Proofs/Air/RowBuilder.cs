using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Air;

/// <summary>Evaluates an AIR on one row of a trace, in plain field arithmetic, and reports what fails.</summary>
internal ref struct RowBuilder(ColumnMatrix main, ColumnMatrix? preprocessed, ReadOnlySpan<KoalaBear> publics, int row, RowReport report)
    : IAirBuilder<KoalaBear>
{
    private readonly ReadOnlySpan<KoalaBear> _publics = publics;
    private int _constraint;

    public readonly KoalaBear IsFirstRow => KoalaBear.FromBoolean(row == 0);

    public readonly KoalaBear IsLastRow => KoalaBear.FromBoolean(row == main.Height - 1);

    public readonly KoalaBear IsTransition => KoalaBear.FromBoolean(row != main.Height - 1);

    public readonly KoalaBear Main(int column) => main[row, column];

    public readonly KoalaBear Next(int column) => main[NextRow, column];

    public readonly KoalaBear Preprocessed(int column) => preprocessed![row, column];

    public readonly KoalaBear PreprocessedNext(int column) => preprocessed![NextRow, column];

    public readonly KoalaBear Public(int index) => _publics[index];

    public void AssertZero(KoalaBear value)
    {
        if (!value.IsZero)
            report.Constraint(row, _constraint);
        _constraint++;
    }

    public readonly void Send(Bus bus, KoalaBear multiplicity, scoped ReadOnlySpan<KoalaBear> message) => report.Message(bus, multiplicity, message);

    public readonly void Receive(Bus bus, KoalaBear multiplicity, scoped ReadOnlySpan<KoalaBear> message) => report.Message(bus, -multiplicity, message);

    private readonly int NextRow => row == main.Height - 1 ? 0 : row + 1;
}
