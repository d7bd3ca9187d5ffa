using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tributary.Lightning.Benchmarks.Figures;

/// <summary>Prints figures for people as they come, or for programs as one JSON document at the end.</summary>
internal sealed class FigureReport(TextWriter output, bool json)
{
    private readonly List<Figure> _figures = [];

    internal void Begin()
    {
        if (!json)
            output.WriteLine($"{Processor()}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTimeOffset.UtcNow:yyyy-MM-dd}");
    }

    internal void Add(Figure figure)
    {
        _figures.Add(figure);
        if (json)
            return;
        var goal = figure.AtLeast is { } least ? $"   goal at least {least:N0}" : figure.AtMost is { } most ? $"   goal at most {most:N2}" : "";
        output.WriteLine($"{figure.Name,-34}{figure.Value,14:N3} {figure.Unit}{goal}{(figure.MeetsGoal == false ? "  MISSED" : "")}");
        output.WriteLine("    " + string.Join(", ", figure.Conditions.Select(static condition => $"{condition.Key} {Text(condition.Value)}")));
    }

    internal void End()
    {
        if (!json)
            return;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            Write(writer);
        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("processor", Processor());
        writer.WriteNumber("cores", Environment.ProcessorCount);
        writer.WriteString("runtime", Environment.Version.ToString());
        writer.WriteString("date", DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        writer.WriteStartArray("figures");
        foreach (var figure in _figures)
        {
            writer.WriteStartObject();
            writer.WriteString("name", figure.Name);
            writer.WriteNumber("value", Math.Round(figure.Value, 6));
            writer.WriteString("unit", figure.Unit);
            if (figure.AtLeast is { } least)
                writer.WriteNumber("goal_at_least", least);
            if (figure.AtMost is { } most)
                writer.WriteNumber("goal_at_most", most);
            if (figure.MeetsGoal is { } meets)
                writer.WriteBoolean("meets_goal", meets);
            foreach (var (key, value) in figure.Conditions)
            {
                var name = key.Replace(' ', '_');
                if (value is double number)
                    writer.WriteNumber(name, Math.Round(number, 3));
                else if (value is int whole)
                    writer.WriteNumber(name, whole);
                else
                    writer.WriteString(name, value.ToString());
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Text(object value) => value is double number ? number.ToString("0.###", CultureInfo.InvariantCulture) : value.ToString() ?? "";

    private static string Processor()
    {
        const string file = "/proc/cpuinfo";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(static text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? "unknown processor" : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
