// A checkpoint of a public log (a staging log of Certificate Transparency, May 2026) that four
// public witnesses cosigned, with their published keys: signatures that others made.
#ifndef TOUCHSTONE_TESTS_VERIFIER_PUBLISHED_CHECKPOINT_H_
#define TOUCHSTONE_TESTS_VERIFIER_PUBLISHED_CHECKPOINT_H_

#include "absl/strings/string_view.h"

namespace touchstone {

inline constexpr absl::string_view kPublishedText =
    "arche2025h1.staging.ct.transparency.dev\n"
    "1432088532\n"
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n";

// The first line is of the log too, of a type (05) that nobody here knows.
inline constexpr absl::string_view kPublishedNote =
    "arche2025h1.staging.ct.transparency.dev\n"
    "1432088532\n"
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"
    "\n"
    "\xE2\x80\x94 arche2025h1.staging.ct.transparency.dev "
    "zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFb"
    "on5Ch9MNL5zRNZ55lvGt0=\n"
    "\xE2\x80\x94 arche2025h1.staging.ct.transparency.dev "
    "ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
    "\xE2\x80\x94 transparency.dev/DEV:witness-little-garden "
    "2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY"
    "096st5BQ==\n"
    "\xE2\x80\x94 witness1.smartit.nu/witness1 "
    "pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0Xwz"
    "dZsDsUAQ==\n"
    "\xE2\x80\x94 remora.n621.de "
    "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB"
    "0DrAWfBw==\n"
    "\xE2\x80\x94 witness.stagemole.eu "
    "Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe"
    "/TmN9DAg==\n";

// 0x6A122120 seconds, in each of the four.
inline constexpr unsigned long kPublishedTimeSeconds = 1779573024;

inline constexpr absl::string_view kPublishedPolicy =
    "log "
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/"
    "PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f\n"
    "witness garden "
    "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/"
    "MwYaGX4CPdiVEPM"
    "\n"
    "witness smartit "
    "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO\n"
    "witness remora remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2\n"
    "witness stagemole witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv\n"
    "witness navigli "
    "witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G\n"
    "group witnesses 4 garden smartit remora stagemole navigli\n"
    "quorum witnesses\n";

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VERIFIER_PUBLISHED_CHECKPOINT_H_
