# The imported target ember::libtorch: headers plus libtorch_cpu and libc10 of the LibTorch in EMBER_LIBTORCH.
#
# EMBER_LIBTORCH (environment or cache variable) names a folder that holds torch/lib and torch/include (as
# `./workbench` unpacks the PyPI wheel) or lib and include (an official LibTorch archive). The wheel's own
# TorchConfig.cmake is not used because it insists on a CUDA toolkit.
set(_default_cache "$ENV{XDG_CACHE_HOME}")
if(NOT _default_cache)
  set(_default_cache "$ENV{HOME}/.cache")
endif()
if(DEFINED ENV{EMBER_LIBTORCH})
  set(_ember_libtorch "$ENV{EMBER_LIBTORCH}")
else()
  set(_ember_libtorch "${_default_cache}/emberview/libtorch-2.15.0")
endif()
set(EMBER_LIBTORCH "${_ember_libtorch}" CACHE PATH "Folder of LibTorch 2.15")

foreach(_root "${EMBER_LIBTORCH}/torch" "${EMBER_LIBTORCH}")
  if(EXISTS "${_root}/lib/libtorch_cpu.so" AND EXISTS "${_root}/include/torch/csrc/api/include/torch/torch.h")
    set(EMBER_LIBTORCH_ROOT "${_root}")
    break()
  endif()
endforeach()
if(NOT EMBER_LIBTORCH_ROOT)
  message(FATAL_ERROR "No LibTorch in '${EMBER_LIBTORCH}'. Run ./workbench build, which fetches it, "
                      "or set EMBER_LIBTORCH to a folder with LibTorch 2.15.")
endif()

add_library(ember_c10 SHARED IMPORTED)
set_target_properties(ember_c10 PROPERTIES IMPORTED_LOCATION "${EMBER_LIBTORCH_ROOT}/lib/libc10.so")
add_library(ember_torch_cpu SHARED IMPORTED)
set_target_properties(ember_torch_cpu PROPERTIES
  IMPORTED_LOCATION "${EMBER_LIBTORCH_ROOT}/lib/libtorch_cpu.so"
  # The wheel's RUNPATH finds these beside torch/; the linker needs to be told.
  INTERFACE_LINK_OPTIONS "-Wl,-rpath-link,${EMBER_LIBTORCH_ROOT}/lib:${EMBER_LIBTORCH_ROOT}/../nvidia/cu13/lib")

add_library(ember_libtorch INTERFACE)
add_library(ember::libtorch ALIAS ember_libtorch)
target_include_directories(ember_libtorch SYSTEM INTERFACE
  "${EMBER_LIBTORCH_ROOT}/include" "${EMBER_LIBTORCH_ROOT}/include/torch/csrc/api/include")
target_link_libraries(ember_libtorch INTERFACE ember_torch_cpu ember_c10)
