using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Air;

/// <summary>Collects what the rows of all tables get wrong: constraints as they fail, and the balance of every message.</summary>
internal sealed class RowReport
{
    private readonly Dictionary<(int Bus, string Message), KoalaBear> _balances = [];
    private readonly Dictionary<int, string> _names = [];

    public List<TraceFault> Faults { get; } = [];

    /// <summary>The table that the rows belong to.</summary>
    public string Table { get; set; } = "";

    public void Constraint(int row, int constraint) => Faults.Add(new TraceFault(Table, row, constraint, $"constraint {constraint} is not zero"));

    public void Message(Bus bus, KoalaBear multiplicity, ReadOnlySpan<KoalaBear> message)
    {
        if (multiplicity.IsZero)
            return;
        _names[bus.Number] = bus.Name;
        var key = (bus.Number, string.Join(", ", message.ToArray()));
        _balances[key] = _balances.GetValueOrDefault(key) + multiplicity;
    }

    public void CloseBuses()
    {
        foreach (var ((bus, message), balance) in _balances)
        {
            if (balance.IsZero)
                continue;
            var count = balance.Value <= KoalaBear.Modulus / 2 ? balance.Value : balance.Value - (long)KoalaBear.Modulus;
            Faults.Add(new TraceFault(_names[bus], -1, -1, $"message ({message}) is sent {count} times more than received"));
        }
    }
}
