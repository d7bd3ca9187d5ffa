using Tributary.Primitives.Results;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Stark;

/// <summary>What can be said against a statement and heights before any proof is looked at.</summary>
internal static class StatementCheck
{
    /// <summary>The first fault, or null.</summary>
    public static Refusal? Find(VerifyingKey key, Statement statement, IReadOnlyList<int> logHeights)
    {
        var machine = key.Machine;
        if (statement.PublicValues.Count != machine.Tables.Count)
            return new Refusal("statement.public_values", "one list for each table of the machine");
        for (var table = 0; table < machine.Tables.Count; table++)
        {
            if (statement.PublicValues[table].Count != machine.Tables[table].Air.PublicCount)
                return new Refusal($"statement.public_values[{table}]", $"table {machine.Tables[table].Air.Name} has {machine.Tables[table].Air.PublicCount}");
        }

        for (var i = 0; i < statement.Messages.Count; i++)
        {
            var message = statement.Messages[i];
            if (!machine.Buses.Contains(message.Bus) || message.Elements.Count != message.Bus.Width)
                return new Refusal($"statement.messages[{i}]", "not a message of a bus of this machine");
        }

        return FindInHeights(key, statement, logHeights);
    }

    private static Refusal? FindInHeights(VerifyingKey key, Statement statement, IReadOnlyList<int> logHeights)
    {
        var machine = key.Machine;
        if (logHeights.Count != machine.Tables.Count)
            return new Refusal("heights", "one for each table of the machine");
        var messages = (long)statement.Messages.Count;
        for (var table = 0; table < machine.Tables.Count; table++)
        {
            var logHeight = logHeights[table];
            if (logHeight < ColumnMatrix.MinLogHeight || logHeight + key.Parameters.LogBlowup > KoalaBear.TwoAdicity)
                return new Refusal($"heights[{table}]", $"log2 of the rows lies between {ColumnMatrix.MinLogHeight} and {KoalaBear.TwoAdicity - key.Parameters.LogBlowup}");
            if (key.PreprocessedLogHeights[table] is { } fixedHeight && fixedHeight != logHeight)
                return new Refusal($"heights[{table}]", $"the fixed columns have 2^{fixedHeight} rows");
            messages += (long)machine.Tables[table].Interactions.Count << logHeight;
        }

        // Counts on buses are taken modulo p: fewer messages than p cannot wrap around to a false balance.
        return messages < KoalaBear.Modulus ? null : new Refusal("heights", "so many messages could wrap around the field");
    }
}
