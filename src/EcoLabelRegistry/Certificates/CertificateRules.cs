using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;

namespace EcoLabelRegistry.Certificates;

/// <summary>What a certificate may say, alone or as a row of a register.</summary>
internal static class CertificateRules
{
    private static readonly Body Shape = new();

    /// <summary>Refuses a certificate that names what is not on record.</summary>
    public static void Check(RegistryAt registry, CertificateBody body)
    {
        registry.Schemes.Require(Thing.Scheme, "scheme", body.Scheme);
        if (registry.Schemes[body.Scheme!].Entry.Kind == SchemeKind.CriteriaSet)
        {
            throw Refusal.Invalid("scheme", new Message("fault.certifies-nothing", body.Scheme));
        }

        registry.Standards.Require(Thing.Standard, "standard", body.Standard);
        if (body.Standard is { } standard && registry.Standards[standard].Entry is var entry)
        {
            if (entry.Scheme != body.Scheme)
            {
                throw Refusal.Invalid("standard", new Message("fault.standard-of-another", standard, entry.Scheme, body.Scheme));
            }

            // A standard known by name only has no editions, and its certificates may still name one.
            if (body.Edition is { } edition && entry.Editions is { Count: > 0 } editions && !editions.Any(e => e.Edition == edition))
            {
                throw Refusal.Unknown(Thing.Edition, "edition", edition, editions.Select(e => e.Edition!));
            }
        }

        if (body.Tier is { } tier && registry.Schemes[body.Scheme!].Entry.Tiers is { Count: > 0 } tiers && !tiers.Contains(tier, StringComparer.Ordinal))
        {
            throw Refusal.Invalid("tier", new Message("fault.one-of", tier, string.Join(", ", tiers)));
        }

        for (var i = 0; i < (body.Products?.Count ?? 0); i++)
        {
            registry.Categories.Require(Thing.Category, $"products[{i}].category", body.Products![i].Category);
        }
    }

    /// <summary>What is wrong with a certificate after a write: what was on record may have given a start, and the body an end before it. Null when nothing.</summary>
    /// <param name="body">What is written.</param>
    /// <param name="before">What was on record; null for a new one.</param>
    /// <param name="after">What comes of the two.</param>
    public static RefusalException? Merged(CertificateBody body, CertificateEntry? before, CertificateEntry after)
    {
        if (before is null)
        {
            return null;
        }

        var faults = new List<Fault>();
        if (after.Periods!.FirstOrDefault(p => EndsBefore(p.ValidUntil, p.ValidFrom) && !before.Periods!.Contains(p)) is { } period)
        {
            faults.Add(new("validUntil", new Message("fault.date-order-on-record", period.ValidUntil, period.ValidFrom)));
        }

        for (var i = 0; i < (body.Products?.Count ?? 0); i++)
        {
            var given = body.Products![i];
            if (given is { Until: not null, From: null } && after.Products!.FirstOrDefault(l => IsOf(l, given) && EndsBefore(l.Until, l.From)) is { } line
                && !before.Products!.Any(l => IsOf(l, given) && l.From == line.From))
            {
                faults.Add(new($"products[{i}].until", new Message("fault.date-order-on-record", line.Until, line.From)));
            }
        }

        return faults.Count == 0 ? null : Refusal.Invalid(faults);

        static bool EndsBefore(PartialDate? end, PartialDate? start) => end is { } last && start is { } first && last.LastDay < first.FirstDay;

        static bool IsOf(ProductLineEntry line, ProductLineEntry given) =>
            line.Until == given.Until && string.Equals(CertificateBody.NameOf(line), CertificateBody.NameOf(given), StringComparison.Ordinal);
    }

    /// <summary>Everything that is wrong with the shape of a certificate.</summary>
    public static IReadOnlyList<Fault> Faults(CertificateBody body) =>
        Shape.Validate(body).Errors is { Count: > 0 } errors ? [.. errors.Select(ValidationBehavior.Fault)] : [];

    /// <summary>The shape of a certificate.</summary>
    public sealed class Body : SourcedRules<CertificateBody>
    {
        public Body()
        {
            RuleFor(c => c.Scheme).Required().IsCode();
            RuleFor(c => c.Number).IsText(Limits.Line);
            RuleFor(c => c.Key).IsText(Limits.Line);
            RuleFor(c => c.Number).Must((certificate, number) => number is null != certificate.Key is null).Says(_ => new Message("fault.number-or-key"));
            RuleFor(c => c.Holder).IsText(Limits.Line);
            RuleFor(c => c.Standard).IsCode();
            RuleFor(c => c.Edition).IsText(Limits.Line);
            RuleFor(c => c.Edition).Must((certificate, edition) => edition is null || certificate.Standard is not null)
                .Says(_ => new Message("fault.edition-without-standard"));
            RuleFor(c => c.Tier).IsText(Limits.Line);
            RuleFor(c => c.ValidFrom).Must((certificate, from) => from is not null || certificate.ConfirmedOn is not null)
                .Says(_ => new Message("fault.valid-from-or-confirmed-on"));
            RuleFor(c => c.ValidUntil).IsNotBefore(c => c.ValidFrom, "validFrom");
            RuleFor(c => c.IssuedBy).IsText(Limits.Line);
            RuleFor(c => c.OtherNumbers).IsListOfDistinct();
            RuleForEach(c => c.OtherNumbers).Required().IsText(Limits.Line);
            RuleFor(c => c.Territories).IsListOfDistinct();
            RuleForEach(c => c.Territories).Required().IsTerritory();
            RuleFor(c => c.Sites).IsBounded();
            RuleForEach(c => c.Sites).Required().ChildRules(s => s.RuleFor(x => x.Country).Required().IsCountry());
            RuleFor(c => c.Products).IsBounded();
            RuleForEach(c => c.Products).Required().SetValidator(new Line());
            RuleFor(c => c.Events).IsBounded();
            RuleForEach(c => c.Events).Required().SetValidator(new Event());
        }
    }

    /// <summary>The shape of an event.</summary>
    public sealed class Event : AbstractValidator<CertificateEventEntry>
    {
        public Event()
        {
            RuleFor(e => e.Type).Required();
            RuleFor(e => e.Effective).Required();
            RuleFor(e => e.Reason).IsText(Limits.Page);
        }
    }

    private sealed class Line : SourcedRules<ProductLineEntry>
    {
        public Line()
        {
            RuleFor(l => l.Brand).IsText(Limits.Line);
            RuleFor(l => l.Model).IsText(Limits.Line);
            RuleFor(l => l.Gtins).IsListOfDistinct();
            RuleForEach(l => l.Gtins).Required().Must(g => g is null || (g.All(char.IsAsciiDigit) && Gtin.Read(g, out _) is null)).Says(g => new Message("fault.gtin", g));
            RuleFor(l => l.Category).IsCategoryCode();
            RuleFor(l => l.Names).IsTextByLanguage();
            RuleFor(l => l.Until).IsNotBefore(l => l.From, "from");
            RuleFor(l => l.Related).IsBounded();
            RuleForEach(l => l.Related).Required().ChildRules(r =>
            {
                r.RuleFor(x => x.Scheme).Required().IsCode();
                r.RuleFor(x => x.Certificate).IsText(Limits.Line);
                r.RuleFor(x => x.Key).IsText(Limits.Line);
                r.RuleFor(x => x.Model).IsText(Limits.Line);
                r.RuleFor(x => x.Relation).IsText(Limits.Line);
            });
        }
    }
}
