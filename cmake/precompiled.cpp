// Source of the targets that hold precompiled headers; see hm_precompile in huntsman.cmake.
