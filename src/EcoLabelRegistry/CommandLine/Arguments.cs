using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.CommandLine;

/// <summary>What the program was called with: settings of the service, and a command with what it works on, or none.</summary>
/// <param name="Command">What to do; null to serve.</param>
/// <param name="Operand">The file or folder that the command names; null for one that names none.</param>
/// <param name="Flags">The command's own options that were given.</param>
/// <param name="Settings">Everything else, each as <c>--key=value</c>, as the configuration reads it.</param>
internal sealed record Arguments(Command? Command, string? Operand, IReadOnlySet<string> Flags, string[] Settings)
{
    private static readonly string[] HelpWords = ["--help", "-h", "-?", "/?", "help"];

    // What ASP.NET Core, its host and this service read from their configuration. Each name is the first part of a key: Registry of Registry:Database.
    private static readonly string[] SettingNames =
    [
        "urls", "Registry", "Logging", "environment", "contentRoot", "webRoot", "applicationName", "AllowedHosts", "Kestrel", "Authentication",
        "http_ports", "https_ports", "https_port", "forwardedHeaders_enabled", "preferHostingUrls", "shutdownTimeoutSeconds", "captureStartupErrors",
        "detailedErrors", "suppressStatusMessages", "startupAssembly", "preventHostingStartup", "hostingStartupAssemblies",
        "hostingStartupExcludeAssemblies", "hostBuilder", "serviceTraceExport",
    ];

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="StartupException">A word is no command, an option is none, or a command lacks what it works on; its exit code is 2.</exception>
    public static Arguments Read(string[] given)
    {
        var (words, flags, settings) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal), new List<string>());
        var (help, wordsOnly) = (false, false);
        for (var i = 0; i < given.Length; i++)
        {
            var argument = given[i];
            if (wordsOnly)
            {
                words.Add(argument);
            }
            else if (argument == "--")
            {
                wordsOnly = true;
            }
            else if (HelpWords.Contains(argument, StringComparer.Ordinal) && (argument[0] is '-' or '/' || words.Count == 0))
            {
                help = true;
            }
            else if (Command.All.Any(c => c.Flags.Contains(argument, StringComparer.Ordinal)))
            {
                flags.Add(argument);
            }
            else if (Setting(argument) is { } key)
            {
                var value = argument.Contains('=', StringComparison.Ordinal) ? argument[(argument.IndexOf('=', StringComparison.Ordinal) + 1)..]
                    : ++i < given.Length && !given[i].StartsWith("--", StringComparison.Ordinal) ? given[i]
                    : throw Misuse("command.no-value", argument);
                settings.Add($"--{key}={value}");
            }
            else if (argument.StartsWith('-') && argument.Length > 1)
            {
                throw UnknownOption(argument);
            }
            else
            {
                words.Add(argument);
            }
        }

        return help ? new Arguments(Command.Help, null, flags, [.. settings]) : Read(words, flags, [.. settings]);
    }

    private static Arguments Read(List<string> words, HashSet<string> flags, string[] settings)
    {
        var command = words.Count == 0 ? null : Command.All.FirstOrDefault(c => c.Name == words[0]) ?? throw UnknownCommand(words[0]);
        if (flags.FirstOrDefault(flag => command?.Flags.Contains(flag, StringComparer.Ordinal) != true) is { } stray)
        {
            throw Misuse("command.stray-option", stray, string.Join(", ", Command.All.Where(c => c.Flags.Contains(stray, StringComparer.Ordinal)).Select(c => c.Name)));
        }

        var wanted = command?.Operand is null ? 1 : 2;
        if (words.Count > wanted)
        {
            throw Misuse("command.too-many", words[wanted], command!.Usage);
        }

        return command is { Operand: not null } && words.Count < wanted
            ? throw Misuse("command.no-operand", command.Name, command.Usage)
            : new Arguments(command, words.ElementAtOrDefault(1), flags, settings);
    }

    /// <summary>The key that an argument sets: <c>--urls</c>, <c>--urls=…</c>, <c>/urls …</c> or <c>urls=…</c>; null when it sets none.</summary>
    private static string? Setting(string argument)
    {
        var key = argument.Split('=')[0];
        var bare = key.StartsWith("--", StringComparison.Ordinal) ? key[2..] : key.StartsWith('/') ? key[1..] : argument.Length > key.Length ? key : "";
        return SettingNames.Contains(bare.Split(':')[0], StringComparer.OrdinalIgnoreCase) ? bare : null;
    }

    private static StartupException UnknownCommand(string word)
    {
        var near = NearMatches.Of(word, Command.All.Select(c => c.Name));
        return near.Count > 0
            ? Misuse("command.misspelt-command", word, near[0])
            : Misuse("command.unknown-command", word, string.Join(", ", Command.All.Select(c => c.Name)));
    }

    private static StartupException UnknownOption(string option)
    {
        var parts = option.TrimStart('-').Split('=')[0].Split(':', 2);
        var known = SettingNames.Concat(Command.All.SelectMany(c => c.Flags).Select(flag => flag.TrimStart('-'))).Append("help");
        var near = NearMatches.Of(parts[0], known);
        return near.Count > 0
            ? Misuse("command.misspelt-option", option, parts.Length > 1 ? $"--{near[0]}:{parts[1]}" : $"--{near[0]}")
            : Misuse("command.unknown-option", option);
    }

    private static StartupException Misuse(string text, params object?[] values) => new(new Message(text, values)) { ExitCode = 2 };
}
