using System.Runtime.Intrinsics.X86;
using System.Text.Json;

namespace Tributary.Proofs.Benchmarks;

/// <summary>Prints figures for people as they come, or for programs as one JSON document at the end.</summary>
internal sealed class FigureReport(TextWriter output, bool json)
{
    private readonly List<Figure> _figures = [];

    public void Begin()
    {
        if (!json)
            output.WriteLine($"{Processor()}, {Environment.ProcessorCount} cores, AVX-512 {(Avx512F.IsSupported ? "yes" : "no")}, .NET {Environment.Version}; one thread, best of the runs by processor time");
    }

    public void Add(Figure figure)
    {
        _figures.Add(figure);
        if (json)
            return;
        var goal = figure.Goal is { } wanted ? $"   goal {wanted:N0}{(figure.MeetsGoal ? "" : "  MISSED")}" : "";
        output.WriteLine($"{figure.Name,-28}{figure.Value,16:N0} {figure.Unit}{goal}");
        output.WriteLine("    " + string.Join(", ", figure.Conditions.Select(condition => $"{condition.Key} {Text(condition.Value)}")));
    }

    public void End()
    {
        if (!json)
            return;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            Write(writer);
        output.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("processor", Processor());
        writer.WriteNumber("cores", Environment.ProcessorCount);
        writer.WriteBoolean("avx512", Avx512F.IsSupported);
        writer.WriteString("runtime", Environment.Version.ToString());
        writer.WriteNumber("threads", 1);
        writer.WriteStartArray("figures");
        foreach (var figure in _figures)
        {
            writer.WriteStartObject();
            writer.WriteString("name", figure.Name);
            writer.WriteNumber("value", Math.Round(figure.Value));
            writer.WriteString("unit", figure.Unit);
            if (figure.Goal is { } goal)
            {
                writer.WriteNumber("goal", goal);
                writer.WriteBoolean("meets_goal", figure.MeetsGoal);
            }

            foreach (var (key, value) in figure.Conditions)
            {
                writer.WritePropertyName(key);
                switch (value)
                {
                    case int number:
                        writer.WriteNumberValue(number);
                        break;
                    case double number:
                        writer.WriteNumberValue(Math.Round(number, 3));
                        break;
                    default:
                        writer.WriteStringValue(value.ToString());
                        break;
                }
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Text(object value) => value is double number ? number.ToString("0.###") : value.ToString() ?? "";

    private static string Processor()
    {
        const string file = "/proc/cpuinfo";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(static text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? "unknown processor" : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
